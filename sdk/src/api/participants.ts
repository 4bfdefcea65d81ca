import type { Ban, BanParticipant, Page, Participant, ParticipantList, Role } from '@parley/protocol';
import type { Call, PageOptions } from './call.js';

/** Who is in a conversation, as what, and who may not be. */
export const participantsApi = (call: Call) => ({
  /** Those who are there, in the order in which they came; with `q` those who are called so. */
  participants: (id: string, query: PageOptions & { readonly q?: string } = {}): Promise<Page<Participant>> =>
    call({ method: 'GET', path: `/conversations/${id}/participants`, query: { ...query } }),
  add: async (id: string, userIds: readonly string[]): Promise<Participant[]> => {
    const path = `/conversations/${id}/participants`;
    return (await call<ParticipantList>({ method: 'POST', path, body: { userIds } })).items;
  },
  remove: (id: string, userId: string): Promise<void> =>
    call({ method: 'DELETE', path: `/conversations/${id}/participants/${userId}` }),
  changeRole: (id: string, userId: string, role: Role): Promise<Participant> =>
    call({ method: 'PUT', path: `/conversations/${id}/participants/${userId}`, body: { role } }),
  /** Keeps a member from writing until then; null lets them write again. */
  mute: (id: string, userId: string, until: string | null): Promise<Participant> =>
    call({ method: 'PUT', path: `/conversations/${id}/participants/${userId}/mute`, body: { until } }),
  /** Makes somebody else the owner. */
  transfer: (id: string, userId: string): Promise<Participant> =>
    call({ method: 'POST', path: `/conversations/${id}/transfer`, body: { userId } }),
  bans: (id: string, page: PageOptions = {}): Promise<Page<Ban>> =>
    call({ method: 'GET', path: `/conversations/${id}/bans`, query: { ...page } }),
  /** Puts somebody out for good. */
  ban: (id: string, userId: string, body: BanParticipant = {}): Promise<Ban> =>
    call({ method: 'POST', path: `/conversations/${id}/bans/${userId}`, body }),
  liftBan: (id: string, userId: string): Promise<void> =>
    call({ method: 'DELETE', path: `/conversations/${id}/bans/${userId}` }),
});

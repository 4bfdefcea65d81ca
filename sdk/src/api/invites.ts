import type { CreateInvite, Invite, InvitePreview, JoinRequest, JoinResult, Page, Participant } from '@parley/protocol';
import type { Call, PageOptions } from './call.js';

/** Ways into a conversation. */
export const invitesApi = (call: Call) => ({
  invites: (id: string, page: PageOptions = {}): Promise<Page<Invite>> =>
    call({ method: 'GET', path: `/conversations/${id}/invites`, query: { ...page } }),
  createInvite: (id: string, body: Partial<CreateInvite> = {}): Promise<Invite> =>
    call({ method: 'POST', path: `/conversations/${id}/invites`, body }),
  revokeInvite: (id: string, inviteId: string): Promise<void> =>
    call({ method: 'DELETE', path: `/conversations/${id}/invites/${inviteId}` }),
  /** What the holder of an invite sees before they join. */
  previewInvite: (code: string): Promise<InvitePreview> => call({ method: 'GET', path: `/invites/${code}` }),
  /** Joins with the code of an invite, or without one where the conversation is open. */
  join: (id: string, code?: string): Promise<JoinResult> =>
    call({ method: 'POST', path: `/conversations/${id}/join`, body: { ...(code !== undefined && { code }) } }),
  /** Who asks to be let in. */
  requests: (id: string, page: PageOptions = {}): Promise<Page<JoinRequest>> =>
    call({ method: 'GET', path: `/conversations/${id}/requests`, query: { ...page } }),
  approve: (id: string, userId: string): Promise<Participant> =>
    call({ method: 'PUT', path: `/conversations/${id}/requests/${userId}` }),
  decline: (id: string, userId: string): Promise<void> =>
    call({ method: 'DELETE', path: `/conversations/${id}/requests/${userId}` }),
});

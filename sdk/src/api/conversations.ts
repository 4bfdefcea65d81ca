import type {
  Conversation,
  CreateConversation,
  MessageList,
  Page,
  SaveDraft,
  Seat,
  UpdateConversation,
  UpdatePreferences,
} from '@parley/protocol';
import type { Call, PageOptions } from './call.js';
import { invitesApi } from './invites.js';
import { participantsApi } from './participants.js';

/** Conversations: begun, listed, changed and left, who is in them and how they came in. */
export const conversationsApi = (call: Call) => ({
  list: (page: PageOptions = {}): Promise<Page<Conversation>> =>
    call({ method: 'GET', path: '/conversations', query: { ...page } }),
  get: (id: string): Promise<Conversation> => call({ method: 'GET', path: `/conversations/${id}` }),
  create: (body: CreateConversation): Promise<Conversation> => call({ method: 'POST', path: '/conversations', body }),
  /** The direct conversation with this person; begun if there is none yet. */
  direct: (userId: string): Promise<Conversation> =>
    call({ method: 'POST', path: '/conversations', body: { type: 'direct', participantIds: [userId] } }),
  update: (id: string, body: UpdateConversation): Promise<Conversation> =>
    call({ method: 'PUT', path: `/conversations/${id}`, body }),
  /** Ends a group for everybody in it; for its owner. */
  delete: (id: string): Promise<void> => call({ method: 'DELETE', path: `/conversations/${id}` }),
  leave: (id: string): Promise<void> => call({ method: 'POST', path: `/conversations/${id}/leave` }),
  pins: async (id: string): Promise<MessageList['items']> =>
    (await call<MessageList>({ method: 'GET', path: `/conversations/${id}/pins` })).items,
  /** The caller's own settings; what is left out stays. */
  setPreferences: (id: string, body: UpdatePreferences): Promise<Seat> =>
    call({ method: 'PUT', path: `/conversations/${id}/preferences`, body }),
  saveDraft: (id: string, body: SaveDraft): Promise<Seat> =>
    call({ method: 'PUT', path: `/conversations/${id}/draft`, body }),
  removeDraft: (id: string): Promise<Seat> => call({ method: 'DELETE', path: `/conversations/${id}/draft` }),
  ...participantsApi(call),
  ...invitesApi(call),
});

import { FirstConversation1763800000000 } from './1763800000000-first-conversation.js';
import { AppendMessages1763800000001 } from './1763800000001-append-messages.js';

/** Append-only, in order. */
export const migrations = [FirstConversation1763800000000, AppendMessages1763800000001];

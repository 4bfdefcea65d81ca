import { FirstConversation1763800000000 } from './1763800000000-first-conversation.js';
import { AppendMessages1763800000001 } from './1763800000001-append-messages.js';
import { MoveReadMarks1763800000002 } from './1763800000002-move-read-marks.js';

/** Append-only, in order. */
export const migrations = [FirstConversation1763800000000, AppendMessages1763800000001, MoveReadMarks1763800000002];

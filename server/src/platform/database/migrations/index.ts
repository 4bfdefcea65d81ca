import { FirstConversation1763800000000 } from './1763800000000-first-conversation.js';
import { AppendMessages1763800000001 } from './1763800000001-append-messages.js';
import { MoveReadMarks1763800000002 } from './1763800000002-move-read-marks.js';
import { MessageFacts1764000000000 } from './1764000000000-message-facts.js';
import { GroupsAndInboxes1764000000001 } from './1764000000001-groups-and-inboxes.js';
import { AppendWithFacts1764000000002 } from './1764000000002-append-with-facts.js';
import { ClosingPolls1764000100000 } from './1764000100000-closing-polls.js';
import { MoveMarks1764000300000 } from './1764000300000-move-marks.js';
import { LastSeen1764000300001 } from './1764000300001-last-seen.js';
import { SupersededRefreshTokens1764000400000 } from './1764000400000-superseded-refresh-tokens.js';
import { PinnedPlans1764000500000 } from './1764000500000-pinned-plans.js';

/** Append-only, in order. */
export const migrations = [
  FirstConversation1763800000000,
  AppendMessages1763800000001,
  MoveReadMarks1763800000002,
  MessageFacts1764000000000,
  GroupsAndInboxes1764000000001,
  AppendWithFacts1764000000002,
  ClosingPolls1764000100000,
  MoveMarks1764000300000,
  LastSeen1764000300001,
  SupersededRefreshTokens1764000400000,
  PinnedPlans1764000500000,
];

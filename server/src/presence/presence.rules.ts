import type { Presence, Privacy, Status } from '@parley/protocol';

/** What a person's presence follows from. */
export interface PresenceFacts {
  readonly userId: string;
  readonly status: Status;
  readonly lastSeenPrivacy: Privacy['lastSeen'];
  readonly lastSeenAt: Date | null;
  readonly isConnected: boolean;
}

/** How two people are related: in one direct conversation, or in some other one. */
export type Relation = 'contact' | 'acquaintance';

/** What others see of a status; who is invisible looks as if they were not there. */
export const appearance = (status: Status['status'], isConnected: boolean): Presence['status'] =>
  !isConnected || status === 'invisible' ? 'offline' : status;

/** Whether a person's relation entitles to know when they were last seen; who shows nobody is shown nobody. */
export function maySeeLastSeen(facts: Pick<PresenceFacts, 'lastSeenPrivacy'>, relation: Relation): boolean {
  if (facts.lastSeenPrivacy === 'nobody') return false;
  return facts.lastSeenPrivacy === 'everyone' || relation === 'contact';
}

/** Presence as others are told, with or without when the person was last seen. */
export function toPresence(facts: PresenceFacts, showsLastSeen: boolean): Presence {
  const status = appearance(facts.status.status, facts.isConnected);
  const lastSeen = status === 'offline' && showsLastSeen ? (facts.lastSeenAt?.toISOString() ?? null) : null;
  const text = status === 'offline' ? null : facts.status.text;
  return { userId: facts.userId, status, ...(text !== null && { text }), lastSeen };
}

/** What is said of whom the caller has nothing to do with, and of whom there is not. */
export const unknownPresence = (userId: string): Presence => ({ userId, status: 'offline', lastSeen: null });

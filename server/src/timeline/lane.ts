import type { Message } from '@parley/protocol';
import type { Draft } from './batch.js';

/** What became of a draft: stored now, or stored before under the same client message id. */
export type Appended =
  | { readonly repeated: false; readonly message: Message }
  | {
      readonly repeated: true;
      readonly id: string;
      readonly seq: number;
      readonly rev: number;
      readonly createdAt: Date;
    };

/** A draft, and whom to tell what became of it. */
export interface Waiting extends Draft {
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** Some of the conversations, and what waits to be written in them. At most one batch of it is under way. */
export interface Lane {
  readonly waiting: Waiting[];
  waitingCharacters: number;
  isWriting: boolean;
  /** Whether that batch could not be written as it was, and so may take its time. */
  isSorting: boolean;
}

const MOST_IN_BATCH = 500;
const MOST_CHARACTERS_IN_BATCH = 4_000_000;
/** Past this a lane refuses: memory stays bounded and waiting longer would help nobody. */
const MOST_WAITING = 20_000;
const MOST_CHARACTERS_WAITING = 64_000_000;

/** A lane in which nothing waits. */
export const newLane = (): Lane => ({ waiting: [], waitingCharacters: 0, isWriting: false, isSorting: false });

/** Whether it takes no more. */
export const isFull = (lane: Lane): boolean =>
  lane.waiting.length >= MOST_WAITING || lane.waitingCharacters >= MOST_CHARACTERS_WAITING;

/** Puts a draft behind all that waits already. */
export function wait(lane: Lane, draft: Waiting): void {
  lane.waiting.push(draft);
  lane.waitingCharacters += lengthOf(draft);
}

const lengthOf = ({ content }: Draft): number => content?.length ?? 0;

/** As much as one statement should write, in the order in which it came. */
export function takeBatch(lane: Lane): Waiting[] {
  let size = 0;
  let characters = 0;
  for (const draft of lane.waiting) {
    const length = lengthOf(draft);
    if (size === MOST_IN_BATCH || (size > 0 && characters + length > MOST_CHARACTERS_IN_BATCH)) break;
    size += 1;
    characters += length;
  }
  lane.waitingCharacters -= characters;
  return lane.waiting.splice(0, size);
}

/** All that waits, for whom nothing can be done. */
export function takeAll(lane: Lane): Waiting[] {
  lane.waitingCharacters = 0;
  return lane.waiting.splice(0);
}

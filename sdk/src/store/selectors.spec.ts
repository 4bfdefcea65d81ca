import type { Conversation, Message } from '@parley/protocol';
import { expect, it } from 'vitest';
import type { ConversationState } from './conversation.js';
import { stretchOf } from './selectors.js';

/** A conversation of this length with these of its messages loaded, from the first one that can be read. */
const held = (lastSeq: number, seqs: readonly number[], visibleFromSeq = 1) =>
  ({
    conversation: { lastSeq, me: { visibleFromSeq } } as Conversation,
    messages: seqs.map((seq) => ({ seq }) as Message),
  }) as unknown as ConversationState;
const shown = (state: ConversationState, around?: number) => {
  const { messages, ...more } = stretchOf(state, around);
  return { seqs: messages.map(({ seq }) => seq), ...more };
};

it.each([
  ['nothing was ever written', held(0, []), undefined, [], false, false],
  ['a newcomer can read nothing yet', held(5, [], 6), undefined, [], false, false],
  ['nothing is loaded', held(5, []), undefined, [], true, true],
  ['the end is loaded', held(5, [4, 5]), undefined, [4, 5], true, false],
  ['all is loaded', held(3, [1, 2, 3]), undefined, [1, 2, 3], false, false],
  ['there is a hole, at the end', held(9, [1, 2, 8, 9]), undefined, [8, 9], true, false],
  ['there is a hole, at the beginning', held(9, [1, 2, 8, 9]), 2, [1, 2], false, true],
])(
  'shows what lies without a hole around a position where %s',
  (_, state, around, seqs, hasMoreBefore, hasMoreAfter) => {
    expect(shown(state, around)).toEqual({ seqs, hasMoreBefore, hasMoreAfter });
  },
);

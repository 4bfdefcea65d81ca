import type { ConversationState } from '@parley/sdk';
import { expect, it } from 'vitest';
import { folded, lastShown } from './list.js';

it.each([
  ['Đường Láng', 'duong lang'],
  ['Nguyễn Thị Ánh', 'nguyen thi anh'],
  ['ÉCOLE', 'ecole'],
  ['日本', '日本'],
])('%s is found as %s', (name, search) => {
  expect(folded(name)).toBe(search);
});

it.each([
  { title: 'the last message', messages: [1, 2, 3], hidden: [], shown: 3 },
  { title: 'the one before what the reader has hidden', messages: [1, 2, 3], hidden: [2, 3], shown: 1 },
  { title: 'nothing where all that is loaded is hidden', messages: [3], hidden: [3], shown: undefined },
  { title: 'nothing from beyond a hole', messages: [1, 3], hidden: [3], shown: undefined },
])('shows $title', ({ messages: seqs, hidden, shown }) => {
  const messages = seqs.map((seq) => ({ seq, ...(hidden.some((one) => one === seq) && { isHidden: true }) }));
  const conversation = { lastSeq: 3, lastMessage: messages.at(-1), me: { visibleFromSeq: 1 } };
  expect(lastShown({ conversation, messages } as unknown as ConversationState)?.seq).toBe(shown);
});

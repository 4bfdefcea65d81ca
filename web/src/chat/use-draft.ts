import type { Conversation } from '@parley/sdk';
import { useEffect, useRef, useState } from 'react';
import { parley } from '../app/parley.js';

/** What is typed is kept on the server once it rests for this long, in ms. */
const REST = 1_000;

/** What was typed and not sent, by conversation: it is there again at once, whatever the network does. */
const typed = new Map<string, string>();

/** What one has begun to write in a conversation, on whichever device. */
export function useDraft({ id, me }: Pick<Conversation, 'id' | 'me'>) {
  const stored = me.draft?.content ?? '';
  const [text, setLocal] = useState(() => typed.get(id) ?? stored);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = (content: string) => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (content === stored) return;
    const work =
      content === '' ? parley.conversations.removeDraft(id) : parley.conversations.saveDraft(id, { content });
    // It is still here, and is saved with the next key.
    work.catch(() => undefined);
  };
  const latest = useRef({ text, save });
  useEffect(() => {
    latest.current = { text, save };
  });
  // Who turns to something else leaves the draft for all devices.
  useEffect(
    () => () => {
      if (timer.current !== undefined) latest.current.save(latest.current.text);
    },
    [],
  );
  return {
    text,
    setText: (content: string) => {
      setLocal(content);
      typed.set(id, content);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => save(content), REST);
    },
    clear: () => {
      setLocal('');
      typed.delete(id);
      save('');
    },
  };
}

import type { Conversation } from '@parley/sdk';
import { useEffect, useRef, useState } from 'react';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';

/** What is typed is kept on the server once it rests for this long, in ms. */
const REST = 1_000;

/** Tells one draft from another. */
const draftKey = (content: string, replyToId: string | null | undefined): string =>
  content === '' ? '' : `${replyToId ?? ''} ${content}`;

/**
 * What one has begun to write in a conversation, on whichever device. It is on this device for as long as the server does
 * not have it, so that neither a reload nor a server that is away loses it.
 */
export function useDraft({ id, me }: Pick<Conversation, 'id' | 'me'>, replyToId: string | undefined) {
  const stored = me.draft?.content ?? '';
  const key = `parley.draft.${useUserId()}.${id}`;
  const [typed, setTyped] = useState(() => localStorage.getItem(key) ?? undefined);
  const [saved, setSaved] = useState<string>();
  // From here on it is what the server has, wherever that is written.
  if (typed !== undefined && typed === saved && typed === stored) setTyped(undefined);
  const text = typed ?? stored;

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What the server was last asked to hold; undefined where that failed. */
  const asked = useRef<string | undefined>(draftKey(stored, me.draft?.replyToId));
  /** One after the other: what was sent is not to come back as a draft. */
  const asking = useRef<Promise<unknown>>(Promise.resolve());

  const save = (content: string) => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const wanted = draftKey(content, replyToId);
    if (wanted !== asked.current) {
      asked.current = wanted;
      asking.current = asking.current.then(() =>
        content === ''
          ? parley.conversations.removeDraft(id)
          : parley.conversations.saveDraft(id, { content, ...(replyToId !== undefined && { replyToId }) }),
      );
    }
    asking.current = asking.current.then(
      () => {
        setSaved(content);
        if (localStorage.getItem(key) === content) localStorage.removeItem(key);
      },
      // It is still here, and is saved with the next key.
      () => void (asked.current = undefined),
    );
  };
  const latest = useRef({ typed, save });
  useEffect(() => {
    latest.current = { typed, save };
  });
  const keep = (content: string) => {
    if (typed === undefined) asked.current = draftKey(stored, me.draft?.replyToId);
    setTyped(content);
    localStorage.setItem(key, content);
    clearTimeout(timer.current);
  };
  useEffect(() => {
    // Left over from before a reload.
    if (latest.current.typed !== undefined) latest.current.save(latest.current.typed);
    // Who turns to something else leaves the draft for all devices.
    return () => {
      if (timer.current !== undefined) latest.current.save(latest.current.typed ?? '');
    };
  }, []);
  return {
    text,
    setText: (content: string) => {
      keep(content);
      timer.current = setTimeout(() => latest.current.save(content), REST);
    },
    clear: () => {
      keep('');
      save('');
    },
  };
}

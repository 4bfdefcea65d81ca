import type { Conversation } from '@parley/sdk';
import { useEffect, useRef, useState } from 'react';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { keepDraft, keptDraft, releaseDraft, storeDraft } from './kept-draft.js';

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
  const userId = useUserId();
  const stored = me.draft?.content ?? '';
  const [typed, setTyped] = useState(() => keptDraft(userId, id)?.content);
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
      asking.current = asking.current.then(() => storeDraft(id, { content, replyToId }));
    }
    asking.current = asking.current.then(
      () => {
        setSaved(content);
        releaseDraft(userId, id, content);
      },
      // It is still here, and is saved with the next key or when the server is back.
      () => void (asked.current = undefined),
    );
  };
  const latest = useRef({ typed, text, save });
  useEffect(() => {
    latest.current = { typed, text, save };
  });
  const keep = (content: string) => {
    if (typed === undefined) asked.current = draftKey(stored, me.draft?.replyToId);
    setTyped(content);
    keepDraft(userId, id, { content, replyToId });
    clearTimeout(timer.current);
  };
  useEffect(() => {
    const saveTyped = () => {
      if (latest.current.typed !== undefined) latest.current.save(latest.current.typed);
    };
    // Left over from before a reload.
    saveTyped();
    const stop = parley.on('state', ({ state }) => void (state === 'connected' && saveTyped()));
    return () => {
      stop();
      // Who turns to something else leaves the draft for all devices.
      if (timer.current !== undefined) latest.current.save(latest.current.text);
    };
  }, []);
  const setText = (content: string) => {
    keep(content);
    timer.current = setTimeout(() => latest.current.save(content), REST);
  };
  // What it answers is part of it.
  const isOther = text !== '' && draftKey(text, replyToId) !== draftKey(stored, me.draft?.replyToId);
  useEffect(() => {
    if (isOther) setText(text);
    // Only when what it answers changes: what is typed is kept with each key.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [replyToId]);
  return {
    text,
    setText,
    clear: () => {
      keep('');
      save('');
    },
  };
}

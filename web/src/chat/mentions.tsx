import type { Conversation, User } from '@parley/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { useSettled } from '../app/use-settled.js';
import { folded } from '../conversations/list.js';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';
import { classNames } from '../ui/class-names.js';
import { mayDo } from './rights.js';

/** The name that is being typed after an "@" before the cursor. */
const TYPED = /(?:^|[\s(])@([\p{L}\p{M}\p{N}._-]*)$/u;
const MOST = 6;
const FOUND = 20;
/** The list's name on the page. */
export const MENTIONS = 'mentions';

interface Candidate {
  readonly username: string;
  readonly person?: User;
}

/** Completes whom a text means, from those who are in the conversation. */
export function useMentions(
  conversation: Conversation,
  /** What stands before the cursor. */
  text: string,
  replace: (from: number, to: number, by: string) => void,
) {
  const { id, type } = conversation;
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const wanted = type === 'direct' ? undefined : TYPED.exec(text)?.[1];
  const isOpen = wanted !== undefined && dismissed !== text;
  const q = useSettled(wanted ?? '');
  // What was found for the last key shows until the server has answered for this one.
  const { data } = useQuery({
    queryKey: ['participants', id, 'called', q],
    queryFn: () => parley.conversations.participants(id, { limit: FOUND, ...(q !== '' && { q }) }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const everybody: Candidate[] = [
    ...(mayDo(conversation, 'mentionAll') ? [{ username: 'all' }] : []),
    ...(data?.items ?? []).map(({ user }) => ({ username: user.username, person: user })),
  ];
  const search = folded(wanted ?? '');
  const candidates = isOpen
    ? everybody
        // By the beginning of any word, as the server does: Enter must not take who is not meant.
        .filter(({ username, person }) => folded(` ${username} ${person?.displayName ?? ''}`).includes(` ${search}`))
        .slice(0, MOST)
    : [];
  const at = Math.min(active, candidates.length - 1);
  const choose = (candidate: Candidate) => {
    replace(text.length - (wanted?.length ?? 0), text.length, candidate.username);
    setActive(0);
  };
  /** Takes the keys that belong to the list while it is open. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const chosen = candidates[at];
    if (!chosen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive((at + step + candidates.length) % candidates.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(chosen);
    else if (event.key === 'Escape') setDismissed(text);
    else return false;
    event.preventDefault();
    return true;
  };
  return { candidates, isOpen: candidates.length > 0, at, choose, onKeyDown };
}

/** Those who could be meant, above the text. */
export function MentionList({
  candidates,
  at,
  choose,
}: Pick<ReturnType<typeof useMentions>, 'candidates' | 'at' | 'choose'>) {
  const t = useTranslations('chat');
  if (candidates.length === 0) return null;
  return (
    <div
      id={MENTIONS}
      role="listbox"
      aria-label={t('mention')}
      className="absolute bottom-full left-4 mb-1 w-72 max-w-[calc(100%-2rem)] rounded-xl border border-line bg-raised p-1 shadow-lg"
    >
      {candidates.map((candidate, index) => (
        <button
          key={candidate.username}
          id={`${MENTIONS}-${index}`}
          type="button"
          role="option"
          aria-selected={index === at}
          tabIndex={-1}
          onClick={() => choose(candidate)}
          className={classNames(
            'flex w-full items-center gap-2 rounded-lg px-2 py-1.5 text-left',
            index === at && 'bg-hover',
          )}
        >
          <Face candidate={candidate} />
          <bdi className="min-w-0 truncate">{displayed(candidate.person?.displayName ?? t('everyone'))}</bdi>
          <span className="min-w-0 truncate text-sm text-soft">@{candidate.username}</span>
        </button>
      ))}
    </div>
  );
}

const Face = ({ candidate: { person } }: { readonly candidate: Candidate }) =>
  person ? (
    <Avatar id={person.id} name={person.displayName} url={person.avatarUrl} size="small" />
  ) : (
    <span className="w-8 text-center font-semibold">@</span>
  );

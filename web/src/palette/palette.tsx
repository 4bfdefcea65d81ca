import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { isComposing } from '../app/composing.js';
import { useStore } from '../app/use-store.js';
import { listed } from '../conversations/list.js';
import { faceOf, nameOf } from '../conversations/naming.js';
import type { Kind } from '../conversations/use-new-conversation.js';
import { useOpenDirect } from '../conversations/use-open-direct.js';
import { usePeopleSearch } from '../conversations/use-people-search.js';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import type { Entry } from './entry.js';
import { ranked } from './ranked.js';
import { useActions } from './use-actions.js';

/** At most so many of each kind are shown. */
const SHOWN = { conversations: 7, people: 5, actions: 20 } as const;

/** Everything within reach of a few keys: conversations, people and actions, found by their names. */
export function Palette({
  onClose,
  begin,
  showHelp,
}: {
  readonly onClose: () => void;
  readonly begin: (kind: Kind) => void;
  readonly showHelp: () => void;
}) {
  const t = useTranslations('palette');
  const id = useId();
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const conversations = ranked(useConversations(), search, SHOWN.conversations);
  const people = usePeople(search).filter((person) => conversations.every(({ peerId }) => peerId !== person.id));
  const groups = [
    { name: 'conversations', entries: conversations },
    { name: 'people', entries: people.slice(0, SHOWN.people) },
    { name: 'actions', entries: ranked(useActions(begin, showHelp), search, SHOWN.actions) },
  ] as const;
  const entries = groups.flatMap((group) => group.entries);
  const chosen = Math.min(at, entries.length - 1);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is none of an effect's business.
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The arrow keys of an input method choose a word.
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((chosen + step + entries.length) % Math.max(entries.length, 1));
    else if (event.key === 'Enter') run(entries[chosen]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title={t('title')} onClose={onClose}>
      <div className="relative mb-3">
        <Search aria-hidden size={18} className="absolute top-3 left-3 text-soft" />
        <input
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={entries[chosen] && `${id}-${entries[chosen].id}`}
          aria-label={t('field')}
          placeholder={t('field')}
          autoFocus
          autoComplete="off"
          value={search}
          onChange={({ target }) => {
            setSearch(target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="min-h-11 w-full rounded-lg border border-line bg-ground pr-3 pl-10 placeholder:text-soft"
        />
      </div>
      <div ref={list} id={id} role="listbox" aria-label={t('title')} className="-mx-2 h-80 overflow-y-auto">
        {entries.length === 0 && <p className="px-3 py-2 text-soft">{t('nothing')}</p>}
        {groups.map(
          (group) =>
            group.entries.length > 0 && (
              <div key={group.name} role="group" aria-labelledby={`${id}-${group.name}`} className="pb-2">
                <div id={`${id}-${group.name}`} className="px-3 py-1 text-sm font-medium text-soft">
                  {t(group.name)}
                </div>
                {group.entries.map((entry) => (
                  <Option
                    key={entry.id}
                    id={`${id}-${entry.id}`}
                    entry={entry}
                    isChosen={entry === entries[chosen]}
                    onChoose={() => run(entry)}
                  />
                ))}
              </div>
            ),
        )}
      </div>
    </Dialog>
  );
}

function Option({
  id,
  entry: { label, hint, icon },
  isChosen,
  onChoose,
}: {
  readonly id: string;
  readonly entry: Entry;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    // The focus stays in the field, where the keys are heard.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      onClick={onChoose}
      onKeyDown={(event) => event.key === 'Enter' && onChoose()}
      className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1 hover:bg-hover aria-selected:bg-hover"
    >
      <span aria-hidden className="flex w-8 shrink-0 justify-center text-soft">
        {icon}
      </span>
      <bdi className="min-w-0 flex-1 truncate text-left">{label}</bdi>
      {hint && <span className="max-w-1/3 shrink-0 truncate text-sm text-soft">{hint}</span>}
    </div>
  );
}

/** Conversations to go to, as the list has them, and then the archived ones. */
function useConversations(): Entry[] {
  const t = useTranslations('palette');
  const navigate = useNavigate();
  const state = useStore((whole) => whole);
  return useMemo(() => {
    const some = [false, true].flatMap((isArchive) => listed(state, { isArchive, search: '' }));
    return some.map(({ conversation }) => ({
      id: conversation.id,
      label: nameOf(conversation),
      ...(conversation.peer && { peerId: conversation.peer.id }),
      ...(conversation.me.archived && { hint: t('archived') }),
      icon: <Avatar {...faceOf(conversation)} name={nameOf(conversation)} size="small" />,
      run: () => void navigate({ to: '/c/$conversationId', params: { conversationId: conversation.id } }),
    }));
  }, [state, navigate, t]);
}

/** People to write to. */
function usePeople(search: string): Entry[] {
  const open = useOpenDirect();
  return (usePeopleSearch(search) ?? []).map(({ id, displayName, username, avatarUrl }) => ({
    id,
    label: displayed(displayName),
    hint: `@${username}`,
    icon: <Avatar id={id} name={displayName} url={avatarUrl} size="small" />,
    run: () => void open(id),
  }));
}

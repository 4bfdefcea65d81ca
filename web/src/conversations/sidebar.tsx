import type { Conversation } from '@parley/sdk';
import { Archive, ArrowLeft, MessageSquarePlus, Search, X } from 'lucide-react';
import { lazy, useDeferredValue, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { VList } from 'virtua';
import { LatePart } from '../app/late-part.js';
import { useLater } from '../app/use-later.js';
import { useStore } from '../app/use-store.js';
import { IconButton } from '../ui/button.js';
import { AccountButton } from './account-button.js';
import { FirstSteps } from './first-steps.js';
import { archivedIn, listed } from './list.js';
import { nameOf } from './naming.js';
import { PeopleFound } from './people-found.js';
import { Row } from './row.js';
import { useNewConversation } from './use-new-conversation.js';
import { useNotices } from './use-notices.js';
import { useTitle } from './use-title.js';
import { walkEntries } from './walk-entries.js';

const AccountMenu = lazy(() => import('./account-menu.js').then((module) => ({ default: module.AccountMenu })));
const LeaveDialog = lazy(() => import('./leave-dialog.js').then((module) => ({ default: module.LeaveDialog })));

/** Everything that one takes part in, and the way to more. */
export function Sidebar() {
  const t = useTranslations('conversations');
  const app = useTranslations('app');
  const [search, setSearch] = useState('');
  const [isArchive, setArchive] = useState(false);
  const archived = useStore(archivedIn);
  // The last one has been taken out: there is nothing left to see.
  if (isArchive && archived === 0) setArchive(false);
  const { begin, dialog } = useNewConversation();
  const isLater = useLater();
  // Pressed before it could open, the menu opens when it can.
  const [isAsked, setAsked] = useState(false);
  const early = <AccountButton onClick={() => setAsked(true)} />;
  useTitle();
  useNotices();
  return (
    <nav aria-label={t('title')} className="flex min-h-0 flex-1 flex-col bg-ground">
      <header className="flex min-h-14 items-center gap-1 px-3">
        {isArchive ? (
          <>
            <IconButton label={app('back')} onClick={() => setArchive(false)}>
              <ArrowLeft aria-hidden size={20} />
            </IconButton>
            <h1 className="flex-1 text-lg font-semibold">{t('archived')}</h1>
          </>
        ) : (
          <>
            {isLater || isAsked ? (
              <LatePart standIn={early} isWanted={isAsked} onMissing={() => setAsked(false)}>
                <AccountMenu startsOpen={isAsked} />
              </LatePart>
            ) : (
              early
            )}
            <h1 className="ml-2 flex-1 text-xl font-semibold text-accent">Parley</h1>
            <IconButton label={t('new')} onClick={() => begin('direct')}>
              <MessageSquarePlus aria-hidden size={22} />
            </IconButton>
          </>
        )}
      </header>
      <div ref={walkEntries} className="flex min-h-0 flex-1 flex-col">
        <div className="relative px-4 pb-2">
          <Search aria-hidden size={16} className="absolute top-2.5 left-7 text-soft" />
          <input
            type="search"
            value={search}
            aria-label={t('search')}
            placeholder={t('search')}
            onChange={({ target }) => setSearch(target.value)}
            onKeyDown={({ key, defaultPrevented }) => {
              // Enter has opened the first that was found.
              if (key === 'Escape' || (key === 'Enter' && defaultPrevented)) setSearch('');
            }}
            className="min-h-9 w-full rounded-full bg-sunken px-9 placeholder:text-soft [&::-webkit-search-cancel-button]:hidden"
          />
          {search !== '' && (
            <IconButton label={t('clear')} onClick={() => setSearch('')} className="absolute top-0.5 right-5 size-8!">
              <X aria-hidden size={16} />
            </IconButton>
          )}
        </div>
        {/* At once: Enter takes the first of what is found for what is typed. */}
        <List search={search} isArchive={isArchive} onArchive={() => setArchive(true)} />
      </div>
      {dialog}
    </nav>
  );
}

function List({
  search,
  isArchive,
  onArchive,
}: {
  readonly search: string;
  readonly isArchive: boolean;
  readonly onArchive: () => void;
}) {
  const t = useTranslations('conversations');
  // What arrives may wait for what is typed.
  const state = useDeferredValue(useStore((whole) => whole));
  const [leaving, setLeaving] = useState<Conversation>();
  const rows = useMemo(() => listed(state, { isArchive, search }), [state, isArchive, search]);
  const archived = useMemo(() => archivedIn(state), [state]);
  if (!state.isLoaded && rows.length === 0) return <Skeleton />;
  if (rows.length === 0 && search === '' && !isArchive && archived === 0) {
    return (
      <>
        {/* Where there is room, they stand beside the list. */}
        <div className="flex flex-1 overflow-y-auto md:hidden">
          <FirstSteps />
        </div>
        <p className="hidden px-6 py-8 text-center text-soft md:block">{t('empty.title')}</p>
      </>
    );
  }
  return (
    <>
      {archived > 0 && !isArchive && search === '' && (
        <button
          type="button"
          onClick={onArchive}
          className="mx-2 flex items-center gap-3 rounded-xl px-2 py-2 text-left text-soft hover:bg-hover focus-visible:-outline-offset-2"
        >
          <span className="flex w-11 justify-center">
            <Archive aria-hidden size={18} />
          </span>
          {t('archivedCount', { count: archived })}
        </button>
      )}
      {rows.length > 0 && (
        <VList className="min-h-0 flex-1" data={rows}>
          {(row) => <Row key={row.conversation.id} state={row} onLeave={setLeaving} />}
        </VList>
      )}
      {leaving && (
        <LatePart onMissing={() => setLeaving(undefined)}>
          <LeaveDialog id={leaving.id} name={nameOf(leaving)} onClose={() => setLeaving(undefined)} />
        </LatePart>
      )}
      {search.trim() !== '' && <PeopleFound search={search.trim()} listed={rows} />}
    </>
  );
}

/** What stands in for the list until it is there. */
function Skeleton() {
  const app = useTranslations('app');
  return (
    <div role="status" aria-label={app('loading')} className="flex flex-1 flex-col gap-1 overflow-hidden px-4">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="flex animate-pulse items-center gap-3 py-2.5">
          <div className="size-11 rounded-full bg-hover" />
          <div className="flex flex-1 flex-col gap-2">
            <div className="h-3 w-1/2 rounded bg-hover" />
            <div className="h-3 w-4/5 rounded bg-hover" />
          </div>
        </div>
      ))}
    </div>
  );
}

import type { ConversationState } from '@parley/sdk';
import { useTranslations } from 'use-intl';
import { classNames } from '../ui/class-names.js';
import { PersonButton } from './person-button.js';
import { useOpenDirect } from './use-open-direct.js';
import { usePeopleSearch } from './use-people-search.js';

/** People to begin a conversation with, below those that there are. */
export function PeopleFound({
  search,
  listed,
}: {
  readonly search: string;
  readonly listed: readonly ConversationState[];
}) {
  const t = useTranslations('conversations');
  const peers = new Set(listed.map(({ conversation }) => conversation.peer?.id));
  const found = usePeopleSearch(search);
  const people = found?.filter(({ id }) => !peers.has(id)) ?? [];
  const open = useOpenDirect();
  if (people.length === 0 && (listed.length > 0 || !found)) return null;
  return (
    <section
      aria-label={t('people')}
      className={classNames('overflow-y-auto px-2 py-2', listed.length > 0 && 'max-h-1/2 border-t border-line')}
    >
      <h2 className="px-2 pb-1 text-sm font-medium text-soft">{t('people')}</h2>
      {people.length === 0 && <p className="px-2 py-2 text-soft">{t('nobodyFound')}</p>}
      {people.map((person) => (
        <PersonButton key={person.id} person={person} onChoose={() => void open(person.id)} />
      ))}
    </section>
  );
}

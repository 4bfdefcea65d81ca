import type { User } from '@parley/sdk';
import { CreateConversation } from '@parley/protocol';
import { useNavigate } from '@tanstack/react-router';
import { Check, Hash, Users, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { FormProblem } from '../auth/auth-card.js';
import { parley } from '../app/parley.js';
import { useForm } from '../app/use-form.js';
import { displayed } from '../text/display.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';
import { PersonButton } from './person-button.js';
import type { Kind } from './use-new-conversation.js';
import { useOpenDirect } from './use-open-direct.js';
import { usePeopleSearch } from './use-people-search.js';
import { walkEntries } from './walk-entries.js';

/** Beginning a conversation: with one person, or a group or channel of many. */
export function NewConversation({ first, onClose }: { readonly first: Kind; readonly onClose: () => void }) {
  const t = useTranslations('conversations.begin');
  const [kind, setKind] = useState<Kind>(first);
  return (
    <Dialog title={t(kind)} onClose={onClose} holdsText={kind !== 'direct'}>
      {kind === 'direct' ? (
        <div ref={walkEntries} className="flex flex-col gap-3">
          <div className="grid grid-cols-2 gap-2">
            <Button onClick={() => setKind('group')}>
              <Users aria-hidden size={18} /> {t('group')}
            </Button>
            <Button onClick={() => setKind('channel')}>
              <Hash aria-hidden size={18} /> {t('channel')}
            </Button>
          </div>
          <Direct onDone={onClose} />
        </div>
      ) : (
        <GroupForm type={kind} onDone={onClose} />
      )}
    </Dialog>
  );
}

function Direct({ onDone }: { readonly onDone: () => void }) {
  const t = useTranslations('conversations');
  const [search, setSearch] = useState('');
  const people = usePeopleSearch(search);
  const open = useOpenDirect();
  return (
    <>
      <TextField
        label={t('begin.find')}
        hint={t('begin.findHint')}
        autoFocus
        value={search}
        onChange={({ target }) => setSearch(target.value)}
      />
      <div className="min-h-40">
        {people?.length === 0 && <p className="py-2 text-soft">{t('nobodyFound')}</p>}
        {people?.map((person) => (
          <PersonButton key={person.id} person={person} onChoose={() => void open(person.id).then(onDone)} />
        ))}
      </div>
    </>
  );
}

const NAME = CreateConversation.options[1].pick({ name: true });

function GroupForm({ type, onDone }: { readonly type: 'group' | 'channel'; readonly onDone: () => void }) {
  const t = useTranslations('conversations.begin');
  const navigate = useNavigate();
  const [members, setMembers] = useState<readonly User[]>([]);
  const { field, submit, problem, isBusy } = useForm(NAME, { name: '' });
  const send = submit(async ({ name }) => {
    const participantIds = members.map(({ id }) => id);
    const { id } = await parley.conversations.create({ type, name, participantIds });
    await parley.sync();
    await navigate({ to: '/c/$conversationId', params: { conversationId: id } });
    onDone();
  });
  const toggle = (person: User) =>
    setMembers((before) =>
      before.some(({ id }) => id === person.id) ? before.filter(({ id }) => id !== person.id) : [...before, person],
    );
  return (
    <form noValidate onSubmit={send} className="flex flex-col gap-4">
      <TextField label={t('name')} autoFocus {...field('name')} />
      <Members members={members} onToggle={toggle} />
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t('create')}
      </Button>
    </form>
  );
}

function Members({
  members,
  onToggle,
}: {
  readonly members: readonly User[];
  readonly onToggle: (person: User) => void;
}) {
  const t = useTranslations('conversations.begin');
  const [search, setSearch] = useState('');
  const people = usePeopleSearch(search);
  return (
    <div className="flex flex-col gap-2">
      <ul className="flex flex-wrap gap-1">
        {members.map((person) => (
          <li key={person.id} className="flex items-center gap-1 rounded-full bg-sunken py-1 pr-1 pl-3 text-sm">
            <bdi className="max-w-40 truncate">{displayed(person.displayName)}</bdi>
            <button
              type="button"
              aria-label={t('without', { name: displayed(person.displayName) })}
              onClick={() => onToggle(person)}
              className="rounded-full p-1 hover:bg-hover"
            >
              <X aria-hidden size={14} />
            </button>
          </li>
        ))}
      </ul>
      <TextField label={t('members')} value={search} onChange={({ target }) => setSearch(target.value)} />
      <div className="max-h-56 min-h-24 overflow-y-auto">
        {people?.map((person) => {
          const isChosen = members.some(({ id }) => id === person.id);
          return (
            <PersonButton key={person.id} person={person} isPressed={isChosen} onChoose={() => onToggle(person)}>
              {isChosen && <Check aria-hidden size={20} className="text-accent" />}
            </PersonButton>
          );
        })}
      </div>
    </div>
  );
}

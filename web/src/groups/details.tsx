import type { Conversation } from '@parley/sdk';
import { UpdateConversation } from '@parley/protocol';
import { ParleyError } from '@parley/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { FormProblem } from '../auth/auth-card.js';
import { useErrorWords } from '../app/error-words.js';
import { PagedList } from '../app/paged-list.js';
import { parley } from '../app/parley.js';
import { useForm } from '../app/use-form.js';
import { useSettled } from '../app/use-settled.js';
import { isAtLeast, mayDo } from '../chat/rights.js';
import { nameOf } from '../conversations/naming.js';
import { PersonButton } from '../conversations/person-button.js';
import { usePeopleSearch } from '../conversations/use-people-search.js';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';
import { tell } from '../ui/toasts.js';
import { Bans } from './bans.js';
import { GroupSettings } from './group-settings.js';
import { Invites } from './invites.js';
import { Member } from './member.js';
import { Requests } from './requests.js';
import { TtlChoice } from './ttl-choice.js';

/** What there is to know of a conversation, and to change in it. */
export function Details({
  conversation,
  onClose,
}: {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}) {
  const { peer, description } = conversation;
  const name = nameOf(conversation);
  return (
    <Dialog title={name} onClose={onClose} isWide>
      <div className="flex flex-col gap-8">
        {peer ? (
          <>
            <div className="flex items-center gap-4">
              <Avatar id={peer.id} name={peer.displayName} url={peer.avatarUrl} size="large" />
              <div className="min-w-0">
                <bdi className="block truncate text-left text-xl font-semibold">{name}</bdi>
                <p className="truncate text-soft">@{peer.username}</p>
              </div>
            </div>
            <TtlChoice {...conversation} />
          </>
        ) : (
          <>
            {mayDo(conversation, 'editDetails') ? (
              <DetailsForm conversation={conversation} />
            ) : (
              description && (
                <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
                  {displayed(description)}
                </p>
              )
            )}
            {mayDo(conversation, 'editDetails') && <TtlChoice {...conversation} />}
            <Members conversation={conversation} />
            {mayDo(conversation, 'removeParticipants') && <Bans id={conversation.id} />}
            {mayDo(conversation, 'invite') && <Requests conversation={conversation} />}
            {mayDo(conversation, 'invite') && <Invites conversation={conversation} />}
            {isAtLeast(conversation.me.role, 'admin') && <GroupSettings conversation={conversation} />}
          </>
        )}
      </div>
    </Dialog>
  );
}

const DETAILS = UpdateConversation.pick({ name: true, description: true });

function DetailsForm({ conversation }: { readonly conversation: Conversation }) {
  const t = useTranslations('groups');
  const app = useTranslations('app');
  const { id, name, description } = conversation;
  const { field, submit, problem, isBusy } = useForm(DETAILS, { name: name ?? '', description: description ?? '' });
  const send = submit(async (input) => {
    await parley.conversations.update(id, input);
    tell(t('saved'));
  });
  return (
    <form noValidate onSubmit={send} className="flex flex-col gap-3">
      <TextField label={t('name')} {...field('name')} />
      <TextField label={t('description')} {...field('description')} />
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" isBusy={isBusy} className="self-start">
        {app('save')}
      </Button>
    </form>
  );
}

/** So many people are found by looking. */
const FEW = 8;

function Members({ conversation }: { readonly conversation: Conversation }) {
  const t = useTranslations('groups');
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const [search, setSearch] = useState('');
  const q = useSettled(search.trim());
  const { id, memberCount } = conversation;
  // Whoever comes, goes or becomes something else while the list is open shows at once.
  useEffect(() => {
    const again = (event: { conversationId: string }) => {
      if (event.conversationId !== id) return;
      void queries.invalidateQueries({ queryKey: ['participants', id] });
      void queries.invalidateQueries({ queryKey: ['bans', id] });
    };
    const stops = (['participant_joined', 'participant_updated', 'participant_left'] as const).map((event) =>
      parley.on(event, again),
    );
    return () => stops.forEach((stop) => stop());
  }, [id, queries]);
  return (
    <section className="flex flex-col gap-2">
      <header className="flex items-center justify-between">
        <h3 className="font-semibold">{t('members', { count: memberCount })}</h3>
        {mayDo(conversation, 'addParticipants') && (
          <Button onClick={() => setAdding(!isAdding)} aria-expanded={isAdding}>
            <UserPlus aria-hidden size={18} /> {t('add')}
          </Button>
        )}
      </header>
      {isAdding && <AddPeople id={id} />}
      {memberCount > FEW && (
        <TextField label={t('findMember')} value={search} onChange={({ target }) => setSearch(target.value)} />
      )}
      <PagedList
        queryKey={['participants', id, 'list', q]}
        read={(page) => parley.conversations.participants(id, { ...page, ...(q !== '' && { q }) })}
        nothing={t('nobody')}
      >
        {(member) => <Member key={member.userId} member={member} conversation={conversation} />}
      </PagedList>
    </section>
  );
}

/** Why somebody cannot be added, if it is for what they are or want; no code tells that from a role that is too low. */
function refusalOf(error: Error): 'isBanned' | 'isUnwilling' | undefined {
  const [about] = error instanceof ParleyError && error.code === 'forbidden' ? error.errors : [];
  return about && (about.message.includes('banned') ? 'isBanned' : 'isUnwilling');
}

function AddPeople({ id }: { readonly id: string }) {
  const t = useTranslations('groups');
  const words = useErrorWords();
  const [search, setSearch] = useState('');
  const people = usePeopleSearch(search);
  const add = useMutation({
    mutationFn: (userId: string) => parley.conversations.add(id, [userId]),
    onSuccess: () => tell(t('added')),
    onError: (error) => {
      const refusal = refusalOf(error);
      tell(refusal ? t(refusal) : words(error));
    },
  });
  return (
    <div className="rounded-xl border border-line p-3">
      <TextField label={t('find')} autoFocus value={search} onChange={({ target }) => setSearch(target.value)} />
      {people?.map((person) => (
        <PersonButton key={person.id} person={person} onChoose={() => add.mutate(person.id)} />
      ))}
    </div>
  );
}

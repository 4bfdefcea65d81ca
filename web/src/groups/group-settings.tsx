import type { Conversation, UpdateConversation } from '@parley/sdk';
import { HistoryVisibility, JoinPolicy, Role } from '@parley/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { isAtLeast } from '../chat/rights.js';
import { useLeavePage } from '../conversations/use-leave-page.js';
import { Button } from '../ui/button.js';
import { Choice } from '../ui/choice.js';
import { tell } from '../ui/toasts.js';
import { AskFirst } from './ask-first.js';

const RIGHTS = [
  'post',
  'addParticipants',
  'invite',
  'removeParticipants',
  'pin',
  'editDetails',
  'mentionAll',
  'moderateMessages',
] as const;
const SLOW = ['0', '10', '30', '60', '300', '3600'] as const;
const nearest = <T extends string>(options: readonly T[], value: number): T =>
  options.find((option) => Number(option) >= value) ?? (options.at(-1) as T);

/** Who may do what, how people come in, and what becomes of messages; each change is kept at once. */
export function GroupSettings({ conversation }: { readonly conversation: Conversation }) {
  const t = useTranslations('groups.settings');
  const roles = useTranslations('groups.roles');
  const words = useErrorWords();
  const leavePage = useLeavePage();
  const [isEnding, setEnding] = useState(false);
  const { id, permissions, joinPolicy, historyVisibility, slowModeSeconds, me } = conversation;
  const { mutate } = useMutation({
    mutationFn: (input: UpdateConversation) => parley.conversations.update(id, input),
    onError: (error) => tell(words(error)),
  });
  return (
    <section className="flex flex-col gap-4 border-t border-line pt-6">
      <h3 className="font-semibold">{t('title')}</h3>
      <div className="grid gap-4 sm:grid-cols-2">
        {RIGHTS.map((right) => (
          <Choice
            key={right}
            label={t(`rights.${right}`)}
            value={permissions[right]}
            // Nobody puts a right out of their own reach.
            disabled={!isAtLeast(me.role, permissions[right])}
            options={Role.options
              .filter((role) => role === permissions[right] || isAtLeast(me.role, role))
              .map((role) => ({ value: role, label: t('from', { role: roles(role) }) }))}
            onChange={(role) => mutate({ permissions: { [right]: role } })}
          />
        ))}
        <Choice
          label={t('joinPolicy')}
          value={joinPolicy}
          options={JoinPolicy.options.map((value) => ({ value, label: t(`joinPolicies.${value}`) }))}
          onChange={(value) => mutate({ joinPolicy: value })}
        />
        <Choice
          label={t('history')}
          value={historyVisibility}
          options={HistoryVisibility.options.map((value) => ({ value, label: t(`histories.${value}`) }))}
          onChange={(value) => mutate({ historyVisibility: value })}
        />
        <Choice
          label={t('slow')}
          value={nearest(SLOW, slowModeSeconds)}
          options={SLOW.map((value) => ({ value, label: t('seconds', { seconds: Number(value) }) }))}
          onChange={(value) => mutate({ slowModeSeconds: Number(value) })}
        />
      </div>
      {me.role === 'owner' && (
        <Button onClick={() => setEnding(true)} className="self-start text-danger">
          {t('delete')}
        </Button>
      )}
      {isEnding && (
        <AskFirst
          title={t('delete')}
          about={t('deleteAbout')}
          confirm={t('delete')}
          onConfirm={async () => {
            await parley.conversations.delete(id);
            leavePage(id);
          }}
          onClose={() => setEnding(false)}
        />
      )}
    </section>
  );
}

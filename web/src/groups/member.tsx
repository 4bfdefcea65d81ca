import type { Conversation, Participant, Role } from '@parley/sdk';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useUserId } from '../app/use-store.js';
import { isAbove, mayDo } from '../chat/rights.js';
import { displayed } from '../text/display.js';
import { IconButton } from '../ui/button.js';
import { Menu, MenuItem, MenuLine } from '../ui/menu.js';
import { tell } from '../ui/toasts.js';
import { AskFirst } from './ask-first.js';
import { PersonRow } from './person-row.js';

const ROLES: readonly Role[] = ['admin', 'moderator', 'member', 'guest'];
const HOUR = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

/** One of a group, what they are there, and what the reader may do about it. */
export function Member({
  member,
  conversation,
}: {
  readonly member: Participant;
  readonly conversation: Conversation;
}) {
  const t = useTranslations('groups');
  const words = useErrorWords();
  const userId = useUserId();
  const { user, role, silencedUntil } = member;
  const { id, me } = conversation;
  const isOther = user.id !== userId;
  const mayRemove = isOther && mayDo(conversation, 'removeParticipants') && isAbove(me.role, role);
  const mayRank = isOther && (me.role === 'owner' || me.role === 'admin') && isAbove(me.role, role);
  const run = (work: Promise<unknown>) => void work.catch((error: unknown) => tell(words(error)));
  const [asking, setAsking] = useState<'ban' | 'transfer'>();
  const name = displayed(user.displayName);
  const isSilenced = silencedUntil !== null;
  return (
    <PersonRow user={user} about={isSilenced && t('silenced')}>
      {role !== 'member' && <span className="rounded-full bg-sunken px-2 py-0.5 text-sm">{t(`roles.${role}`)}</span>}
      {(mayRemove || mayRank) && (
        <Menu
          trigger={
            <IconButton label={t('actions', { name })}>
              <Ellipsis aria-hidden size={18} />
            </IconButton>
          }
        >
          {mayRank &&
            ROLES.filter((other) => other !== role && isAbove(me.role, other)).map((other) => (
              <MenuItem key={other} onSelect={() => run(parley.conversations.changeRole(id, user.id, other))}>
                {t('make', { role: t(`roles.${other}`) })}
              </MenuItem>
            ))}
          {me.role === 'owner' && <MenuItem onSelect={() => setAsking('transfer')}>{t('transfer.do')}</MenuItem>}
          <MenuLine />
          {mayRemove && (
            <>
              <MenuItem onSelect={() => run(parley.conversations.mute(id, user.id, isSilenced ? null : inHours(24)))}>
                {t(isSilenced ? 'unmute' : 'mute')}
              </MenuItem>
              <MenuItem isDanger onSelect={() => run(parley.conversations.remove(id, user.id))}>
                {t('remove')}
              </MenuItem>
              <MenuItem isDanger onSelect={() => setAsking('ban')}>
                {t('ban.do')}
              </MenuItem>
            </>
          )}
        </Menu>
      )}
      {asking && (
        <AskFirst
          title={t(`${asking}.title`)}
          about={t(`${asking}.about`, { name })}
          confirm={t(`${asking}.confirm`)}
          onConfirm={() => parley.conversations[asking](id, user.id)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </PersonRow>
  );
}

import type { ConversationState, UpdatePreferences } from '@parley/sdk';
import { Archive, ArchiveRestore, Bell, BellOff, LogOut, Mail, MailOpen, Pin, PinOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { MenuItem, MenuLine } from '../ui/menu.js';
import { tell } from '../ui/toasts.js';
import { isUnread } from './list.js';
import { useIsMuted } from './use-moment.js';

const HOUR = 3_600_000;
/** How long a conversation can be kept quiet, in hours. */
const QUIET = { hour: 1, workday: 8, week: 168, always: 24 * 365 * 50 } as const;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

/** What one can do with a conversation without opening it. */
export function RowMenu({ state, onLeave }: { readonly state: ConversationState; readonly onLeave: () => void }) {
  const t = useTranslations('conversations.menu');
  const words = useErrorWords();
  const { id, me, lastSeq, type } = state.conversation;
  const report = (work: Promise<unknown>) => void work.catch((error: unknown) => tell(words(error)));
  const set = (preferences: UpdatePreferences) => report(parley.conversations.setPreferences(id, preferences));
  const isMuted = useIsMuted(me);
  return (
    <>
      <MenuItem
        icon={me.pinned ? <PinOff size={18} /> : <Pin size={18} />}
        onSelect={() => set({ pinned: !me.pinned })}
      >
        {t(me.pinned ? 'unpin' : 'pin')}
      </MenuItem>
      {isUnread(state) ? (
        <MenuItem
          icon={<MailOpen size={18} />}
          onSelect={() => report(parley.messages.markRead({ conversationId: id, seq: lastSeq }))}
        >
          {t('markRead')}
        </MenuItem>
      ) : (
        <MenuItem icon={<Mail size={18} />} onSelect={() => set({ markedUnread: true })}>
          {t('markUnread')}
        </MenuItem>
      )}
      <MenuItem
        icon={me.archived ? <ArchiveRestore size={18} /> : <Archive size={18} />}
        onSelect={() => set({ archived: !me.archived })}
      >
        {t(me.archived ? 'unarchive' : 'archive')}
      </MenuItem>
      <MenuLine />
      {isMuted ? (
        <MenuItem icon={<Bell size={18} />} onSelect={() => set({ mutedUntil: null })}>
          {t('unmute')}
        </MenuItem>
      ) : (
        (Object.keys(QUIET) as (keyof typeof QUIET)[]).map((quiet) => (
          <MenuItem
            key={quiet}
            icon={<BellOff size={18} />}
            onSelect={() => set({ mutedUntil: inHours(QUIET[quiet]) })}
          >
            {t(`mute.${quiet}`)}
          </MenuItem>
        ))
      )}
      {type !== 'direct' && (
        <>
          <MenuLine />
          <MenuItem icon={<LogOut size={18} />} isDanger onSelect={onLeave}>
            {t('leave')}
          </MenuItem>
        </>
      )}
    </>
  );
}

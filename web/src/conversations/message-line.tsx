import type { Message, SystemMetadata } from '@parley/sdk';
import { useTranslations } from 'use-intl';
import { usePersonName } from '../app/people.js';
import { useUserId } from '../app/use-store.js';
import { useDuration } from '../chat/use-duration.js';
import { displayed } from '../text/display.js';
import { preview } from '../text/preview.js';

/** A message in one line of words. */
export function MessageLine({
  message,
}: {
  readonly message: Pick<Message, 'messageType' | 'content' | 'metadata' | 'deletedAt' | 'isHidden' | 'senderId'>;
}) {
  const t = useTranslations('conversations.message');
  const { messageType, content, metadata, deletedAt, isHidden } = message;
  if (deletedAt !== null || isHidden) return <em>{t('deleted')}</em>;
  const caption = content === null ? '' : preview(content);
  const about = (key: string) => displayed(typeof metadata[key] === 'string' ? metadata[key] : '');
  switch (messageType) {
    case 'system':
      return <Notice message={message} />;
    case 'poll':
      return `📊 ${about('question')}`;
    case 'location':
      return `📍 ${about('name') || caption || t('location')}`;
    case 'contact':
      return `👤 ${about('name')}`;
    case 'link':
      return `🔗 ${about('title') || about('url')}`;
    case 'text':
      return caption;
    case 'image':
    case 'file':
    case 'voice':
    case 'video':
      return caption || t(messageType);
  }
}

/** What has happened to the conversation itself. */
export function Notice({ message }: { readonly message: Pick<Message, 'metadata' | 'senderId'> }) {
  const t = useTranslations('conversations.notice');
  const me = useUserId();
  const lasting = useDuration();
  const notice = message.metadata as unknown as SystemMetadata;
  const subjects = 'userIds' in notice ? notice.userIds : 'userId' in notice ? [notice.userId] : [];
  const [first = ''] = subjects;
  const actor = displayed(usePersonName(message.senderId));
  const subject = displayed(usePersonName(first));
  const words = {
    actor: message.senderId === me ? 'you' : 'other',
    name: actor,
    subject: first === me ? 'you' : 'other',
    other: subject,
    more: subjects.length - 1,
  };
  switch (notice.event) {
    case 'role_changed':
      return t('role_changed', { ...words, role: notice.role });
    case 'message_ttl_changed':
      return notice.messageTtl === null
        ? t('ttl_off', words)
        : t('ttl_on', { ...words, time: lasting(notice.messageTtl) });
    case 'participant_muted':
      return t(notice.until === null ? 'unmuted' : 'muted', words);
    case 'participants_added':
    case 'participant_joined':
    case 'participant_left':
    case 'participant_removed':
    case 'participant_banned':
      return t(notice.event, words);
  }
}

import type { Message } from '@parley/sdk';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { preview } from '../text/preview.js';
import { nameOf } from './naming.js';
import { isWorthTelling, tellsOfMessages } from './notices.js';

/** Has the browser tell of new messages while the page is not looked at. */
export function useNotices(): void {
  const t = useTranslations('conversations');
  const navigate = useNavigate();
  const onMessage = useEffectEvent(async (message: Message) => {
    if (!document.hidden || !tellsOfMessages()) return;
    const { conversationId } = message;
    // The first message of a conversation may come before the conversation does.
    if (!parley.store.getState().conversations.has(conversationId)) await parley.sync();
    const { conversations, userId } = parley.store.getState();
    const conversation = conversations.get(conversationId)?.conversation;
    if (!conversation || !isWorthTelling({ message, seat: conversation.me, userId, now: Date.now() })) return;
    const body = message.content === null ? t('newMessage') : preview(message.content);
    const notice = new Notification(nameOf(conversation), { body, tag: conversationId, icon: '/app/icon.svg' });
    notice.addEventListener('click', () => {
      focus();
      notice.close();
      void navigate({ to: '/c/$conversationId', params: { conversationId } });
    });
  });
  useEffect(
    () =>
      parley.on('new_message', (message) => {
        // Some phones let only a service worker tell; the list shows the message all the same.
        onMessage(message).catch(() => undefined);
      }),
    [],
  );
}

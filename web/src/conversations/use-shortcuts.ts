import { useNavigate, useParams } from '@tanstack/react-router';
import { type RefObject, useEffect } from 'react';
import { parley } from '../app/parley.js';
import { listed } from './list.js';

/** Ctrl + K goes to the search, Alt with an arrow to the next conversation of the list or the one before. */
export function useShortcuts(search: RefObject<HTMLInputElement | null>): void {
  const navigate = useNavigate();
  const { conversationId } = useParams({ strict: false });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        search.current?.focus();
        return;
      }
      const step = event.altKey ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined;
      if (step === undefined) return;
      event.preventDefault();
      const rows = listed(parley.store.getState(), { isArchive: false, search: '' });
      const at = rows.findIndex(({ conversation }) => conversation.id === conversationId);
      const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (next) void navigate({ to: '/c/$conversationId', params: { conversationId: next.conversation.id } });
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [conversationId, navigate, search]);
}

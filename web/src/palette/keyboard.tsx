import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LatePart } from '../app/late-part.js';
import { parley } from '../app/parley.js';
import { listed } from '../conversations/list.js';
import { useNewConversation } from '../conversations/use-new-conversation.js';
import { Dialog } from '../ui/dialog.js';
import { Palette } from './palette.js';

const ShortcutList = lazy(() => import('./shortcut-list.js').then((module) => ({ default: module.ShortcutList })));

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** Hears the shortcuts that work everywhere, and shows what they open. */
export function Keyboard() {
  const t = useTranslations('palette');
  const [open, setOpen] = useState<'palette' | 'help'>();
  const { begin, dialog } = useNewConversation();
  const walk = useWalk();
  const close = () => setOpen(undefined);
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const step = event.altKey ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined;
    const isPalette = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    const isHelp = event.key === '?' && !isTyping(event.target);
    if (!isPalette && !isHelp && step === undefined) return;
    event.preventDefault();
    // Whatever is open comes first.
    if (document.querySelector('dialog[open]')) return;
    if (step === undefined) setOpen(isPalette ? 'palette' : 'help');
    else walk(step);
  });
  useEffect(() => {
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <>
      {open === 'palette' && <Palette onClose={close} begin={begin} showHelp={() => setOpen('help')} />}
      {open === 'help' && (
        <LatePart onMissing={close}>
          <Dialog title={t('help')} onClose={close}>
            <ShortcutList />
          </Dialog>
        </LatePart>
      )}
      {dialog}
    </>
  );
}

/** Goes to the next conversation of the list, or the one before. */
function useWalk(): (step: number) => void {
  const navigate = useNavigate();
  const { conversationId } = useParams({ strict: false });
  return (step) => {
    const rows = listed(parley.store.getState(), { isArchive: false, search: '' });
    const at = rows.findIndex(({ conversation }) => conversation.id === conversationId);
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (next) void navigate({ to: '/c/$conversationId', params: { conversationId: next.conversation.id } });
  };
}

import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslations } from 'use-intl';
import { IconButton } from './button.js';
import { classNames } from './class-names.js';
import { hasFinePointer } from './pointer.js';
import { TopLayer } from './top-layer.js';

/**
 * Something that has to be dealt with first. The browser's own dialog keeps the focus inside, gives it back, closes on
 * Escape, and needs no style that a strict Content-Security-Policy would forbid.
 */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  scroller,
  isWide = false,
  holdsText = false,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What stays in sight below the rest, however far that scrolls. */
  readonly footer?: ReactNode;
  /** Is given what scrolls. */
  readonly scroller?: RefObject<HTMLDivElement | null>;
  readonly isWide?: boolean;
  /** Somebody may have typed something: a press beside it does not close it. */
  readonly holdsText?: boolean;
}) {
  const t = useTranslations('app');
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  const ownBody = useRef<HTMLDivElement>(null);
  const body = scroller ?? ownBody;
  const foot = useRef<HTMLElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog?.showModal();
    // The browser would begin with the button that closes. A field would bring up the keys of a phone unasked.
    const field = (foot.current ?? body.current)?.querySelector<HTMLElement>('input, textarea');
    if (dialog && hasFinePointer()) field?.focus();
    // Where there is only something to read, the keys have to scroll it.
    const hasStops = body.current?.querySelector('a, button, input, select, textarea') !== null;
    if (dialog && !hasStops) body.current?.setAttribute('tabindex', '0');
    return () => dialog?.close();
  }, [dialog, body]);
  // Not where it was asked for: that may go out of sight, and a dialog with it that still covers the page.
  return createPortal(
    <dialog
      ref={setDialog}
      aria-labelledby={titleId}
      // What opens from here closes for itself: React passes its event on to here though the browser does not.
      onClose={({ target, currentTarget }) => target === currentTarget && onClose()}
      closedby={holdsText ? 'closerequest' : 'any'}
      className={classNames(
        'm-auto max-h-[min(90dvh,48rem)] w-[calc(100vw-2rem)] overflow-hidden rounded-2xl bg-ground p-0 text-ink shadow-xl',
        isWide ? 'max-w-3xl' : 'max-w-md',
      )}
    >
      <div className="flex max-h-[min(90dvh,48rem)] flex-col">
        <header className="flex items-center justify-between gap-2 border-b border-line py-2 pr-2 pl-5">
          <h2 id={titleId} className="truncate text-lg font-semibold">
            {title}
          </h2>
          <IconButton label={t('close')} onClick={onClose}>
            <X aria-hidden size={20} />
          </IconButton>
        </header>
        <div ref={body} className="overflow-y-auto p-5">
          <TopLayer value={dialog}>{children}</TopLayer>
        </div>
        {footer && (
          <footer ref={foot} className="border-t border-line px-5 py-3">
            <TopLayer value={dialog}>{footer}</TopLayer>
          </footer>
        )}
      </div>
    </dialog>,
    document.body,
  );
}

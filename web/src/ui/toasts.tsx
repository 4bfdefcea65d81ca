import { Toast } from 'radix-ui';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';

/** Something short to say; with `action` a way to do something about it. */
interface Note {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

let notes: readonly Note[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
function change(next: readonly Note[]): void {
  notes = next;
  for (const listener of listeners) listener();
}
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Says something at the edge of the screen for a few seconds; what is being said already is said anew, not twice. */
export function tell(text: string, action?: Note['action']): void {
  lastId += 1;
  const others = notes.filter((note) => note.text !== text);
  change([...others.slice(-2), { id: lastId, text, ...(action && { action }) }]);
}

/** Where what is told shows. */
export function Toasts() {
  const t = useTranslations('app');
  const shown = useSyncExternalStore(subscribe, () => notes);
  const viewport = useRef<HTMLOListElement>(null);
  // Above whatever dialog is open.
  useEffect(() => {
    viewport.current?.hidePopover();
    if (shown.length > 0) viewport.current?.showPopover();
  }, [shown]);
  const close = (id: number) => change(notes.filter((note) => note.id !== id));
  return (
    <Toast.Provider duration={6_000} label={t('notice')}>
      {shown.map(({ id, text, action }) => (
        <Toast.Root
          key={id}
          onOpenChange={(isOpen) => !isOpen && close(id)}
          className="flex items-center gap-3 rounded-xl bg-ink px-4 py-3 text-ground shadow-lg"
        >
          <Toast.Description>{text}</Toast.Description>
          {action && (
            <Toast.Action altText={action.label} onClick={action.run} className="rounded px-1 font-semibold underline">
              {action.label}
            </Toast.Action>
          )}
        </Toast.Root>
      ))}
      <Toast.Viewport
        ref={viewport}
        popover="manual"
        label={t('notices')}
        className="inset-auto bottom-20 left-1/2 m-0 hidden w-max max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col gap-2 overflow-visible border-0 bg-transparent p-0 open:flex"
      />
    </Toast.Provider>
  );
}

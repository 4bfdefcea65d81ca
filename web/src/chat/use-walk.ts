import type { Message } from '@parley/sdk';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { parley } from '../app/parley.js';
import { type Deed, isAlive, isEditable } from './deeds.js';
import type { TimelineRow } from './rows.js';

/** What a key does with the message that has the focus. */
const DEEDS: Readonly<Partial<Record<string, Deed>>> = { r: 'reply', e: 'edit', Delete: 'delete', f: 'forward' };

/** Walks from message to message with the arrow keys, and acts on the one that has the focus. */
export function useWalk({
  rows,
  list,
  onAct,
}: {
  readonly rows: readonly TimelineRow[];
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly onAct: (deed: Deed, message: Message) => void;
}) {
  const [active, setActive] = useState<{ readonly key: string }>();
  const at = active ? rows.findIndex(({ key }) => key === active.key) : -1;
  // At once, so that the next key finds it.
  useLayoutEffect(() => {
    const row = rows[at];
    if (!active || row?.kind !== 'message') return;
    list.current?.scrollToIndex(at, { align: 'nearest' });
    document.querySelector<HTMLElement>(`[data-seq="${row.message.seq}"]`)?.focus({ preventScroll: true });
    // Only when somebody goes on, not with everything that arrives.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [active]);

  const goTo = (index: number, step: number) => {
    let next = index;
    while (rows[next] && !isStop(rows[next])) next += step;
    const row = rows[next];
    if (row) setActive({ key: row.key });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    // Buttons, menus and polls within a message have keys of their own.
    const isOwn = target instanceof HTMLElement && (target.dataset['seq'] !== undefined || target.role === 'log');
    if (!isOwn || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = rows.length - 1;
    // The one that has the focus, however it came to have it.
    const seq = Number(target.dataset['seq']);
    const from = rows.findIndex((row) => row.kind === 'message' && row.message.seq === seq);
    const row = rows[from];
    const message = row?.kind === 'message' ? row.message : undefined;
    const deed = DEEDS[event.key];
    if (event.key === 'ArrowUp') goTo(row ? from - 1 : last, -1);
    else if (event.key === 'ArrowDown') goTo(row ? from + 1 : last, 1);
    else if (event.key === 'Home') goTo(0, 1);
    else if (event.key === 'End') goTo(last, -1);
    else if (deed && message && isAlive(message)) {
      if (deed === 'edit' && !isEditable(message, parley.store.getState().userId)) return;
      onAct(deed, message);
    } else return;
    event.preventDefault();
  };
  return { kept: at < 0 ? [] : [at], onKeyDown };
}

const isStop = (row: TimelineRow | undefined): boolean =>
  row?.kind === 'message' && row.message.messageType !== 'system';

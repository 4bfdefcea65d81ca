import { isComposing } from '../app/composing.js';

/**
 * A ref for what holds a field and the entries found by it (marked `data-entry`): the arrow keys go from one to the
 * other and back, and Enter in the field takes the first entry.
 */
export function walkEntries(element: HTMLElement | null): (() => void) | undefined {
  const onKeyDown = (event: KeyboardEvent) => element && walk(element, event);
  element?.addEventListener('keydown', onKeyDown);
  return () => element?.removeEventListener('keydown', onKeyDown);
}

function walk(element: HTMLElement, event: KeyboardEvent): void {
  const { key, target, altKey, ctrlKey, metaKey } = event;
  if (event.defaultPrevented || isComposing(event) || altKey || ctrlKey || metaKey) return;
  if (!(target instanceof HTMLElement)) return;
  const entries = [...element.querySelectorAll<HTMLElement>('[data-entry]')];
  const isField = target instanceof HTMLInputElement;
  const at = entries.indexOf(target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (isField && key === 'Enter' && target.value.trim() !== '' && entries[0]) entries[0].click();
  else if ((isField || at >= 0) && step !== undefined) {
    const next = entries[at + step] ?? (step < 0 ? element.querySelector('input') : null);
    next?.focus();
  } else return;
  event.preventDefault();
}

import { type MouseEvent, type PointerEvent, useRef } from 'react';

/** How long a finger rests, in ms, and how far it may slip meanwhile, in pixels. */
const HOLD = 500;
const SLIP = 10;

/** Opens what a right click opens when a finger rests on an element: not every phone makes one click of the other. */
export function useLongPress(onHold: (target: EventTarget) => void) {
  const press = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly x: number; readonly y: number }>(
    undefined,
  );
  const wasHeld = useRef(false);
  const end = () => {
    clearTimeout(press.current?.timer);
    press.current = undefined;
  };
  return {
    onPointerDown: ({ pointerType, clientX, clientY, target }: PointerEvent) => {
      end();
      wasHeld.current = false;
      if (pointerType !== 'touch') return;
      const timer = setTimeout(() => {
        wasHeld.current = true;
        onHold(target);
      }, HOLD);
      press.current = { timer, x: clientX, y: clientY };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (press.current && Math.hypot(clientX - press.current.x, clientY - press.current.y) > SLIP) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onPointerLeave: end,
    /** The end of a long press is no click. */
    onClickCapture: (event: MouseEvent) => {
      if (!wasHeld.current) return;
      wasHeld.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

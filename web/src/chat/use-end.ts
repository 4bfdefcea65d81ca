import { type RefObject, useCallback, useEffect, useRef } from 'react';

/** Who is this near to the end is there, in pixels. */
const NEAR = 40;

/**
 * Keeps what scrolls at its end: from the start, and as it grows for as long as one stays there. Gives the way there from
 * anywhere.
 */
export function useEnd(scroller: RefObject<HTMLElement | null>, isFollowing: boolean): () => void {
  const isAtEnd = useRef(true);
  const put = useRef(0);
  const toEnd = useCallback(() => {
    const frame = scroller.current;
    if (!frame) return;
    isAtEnd.current = true;
    frame.scrollTo(0, frame.scrollHeight);
    put.current = frame.scrollTop;
  }, [scroller]);
  useEffect(() => {
    const frame = scroller.current;
    if (!frame || !isFollowing) return undefined;
    const look = () => {
      const isNear = frame.scrollHeight - frame.clientHeight - frame.scrollTop <= NEAR;
      // It is told of a scroll later than that: where it was put is the end, though there may be more by now.
      isAtEnd.current = isNear || frame.scrollTop === put.current;
    };
    const follow = () => {
      if (isAtEnd.current) toEnd();
    };
    look();
    const sizes = new ResizeObserver(follow);
    for (const part of [frame, ...frame.children]) sizes.observe(part);
    frame.addEventListener('scroll', look);
    return () => {
      sizes.disconnect();
      frame.removeEventListener('scroll', look);
    };
  }, [scroller, isFollowing, toEnd]);
  return toEnd;
}

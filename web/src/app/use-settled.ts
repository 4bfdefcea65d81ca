import { useEffect, useState } from 'react';

/** Typing pauses this long before something is looked for, in ms. */
const PAUSE = 200;

/** A text that is being typed, once it has rested for a moment. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

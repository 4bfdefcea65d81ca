import type { Message } from '@parley/sdk';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { tell } from '../ui/toasts.js';

/** Puts an emoji under a message, or takes one's own back. */
export function useReact({ id }: Pick<Message, 'id'>): (emoji: string, isOwn: boolean) => void {
  const words = useErrorWords();
  return (emoji, isOwn) => {
    const work = isOwn ? parley.messages.unreact(id, emoji) : parley.messages.react(id, emoji);
    work.catch((error: unknown) => tell(words(error)));
  };
}

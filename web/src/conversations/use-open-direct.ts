import { useNavigate } from '@tanstack/react-router';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { tell } from '../ui/toasts.js';

/** Opens the conversation with somebody, which begins with that if there is none yet. */
export function useOpenDirect(): (userId: string) => Promise<void> {
  const navigate = useNavigate();
  const words = useErrorWords();
  return async (userId) => {
    try {
      const { id } = await parley.conversations.direct(userId);
      await parley.sync();
      await navigate({ to: '/c/$conversationId', params: { conversationId: id } });
    } catch (error) {
      tell(words(error));
    }
  };
}

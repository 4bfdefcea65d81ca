import type { Conversation } from '@parley/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { Button } from '../ui/button.js';
import { tell } from '../ui/toasts.js';
import { PersonRow } from './person-row.js';

/** The server does not say when somebody asks, so it is asked this often while one can see it, in ms. */
const AGAIN = 5_000;

/** Who asks to be let in. */
export function Requests({ conversation: { id } }: { readonly conversation: Conversation }) {
  const t = useTranslations('groups.requests');
  const words = useErrorWords();
  const queries = useQueryClient();
  const key = ['requests', id];
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => parley.conversations.requests(id, { limit: 100 }),
    staleTime: 0,
    refetchInterval: AGAIN,
  });
  const decide = useMutation({
    mutationFn: async ({ userId, isIn }: { userId: string; isIn: boolean }) => {
      if (isIn) await parley.conversations.approve(id, userId);
      else await parley.conversations.decline(id, userId);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
    onError: (error) => tell(words(error)),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold">{t('title')}</h3>
      <ul>
        {data.items.map(({ user }) => (
          <PersonRow key={user.id} user={user}>
            <Button look="primary" onClick={() => decide.mutate({ userId: user.id, isIn: true })}>
              {t('approve')}
            </Button>
            <Button onClick={() => decide.mutate({ userId: user.id, isIn: false })}>{t('decline')}</Button>
          </PersonRow>
        ))}
      </ul>
    </section>
  );
}

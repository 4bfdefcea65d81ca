import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { PagedList } from '../app/paged-list.js';
import { parley } from '../app/parley.js';
import { Button } from '../ui/button.js';
import { tell } from '../ui/toasts.js';
import { PersonRow } from './person-row.js';

/** Who may not come back, and the way to let them. */
export function Bans({ id }: { readonly id: string }) {
  const t = useTranslations('groups.bans');
  const words = useErrorWords();
  const queries = useQueryClient();
  const [isShown, setShown] = useState(false);
  const key = ['bans', id];
  const lift = useMutation({
    mutationFn: (userId: string) => parley.conversations.liftBan(id, userId),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
    onError: (error) => tell(words(error)),
  });
  return (
    <section className="flex flex-col gap-2">
      <Button onClick={() => setShown(!isShown)} aria-expanded={isShown} className="self-start">
        <Ban aria-hidden size={18} /> {t('title')}
      </Button>
      {isShown && (
        <PagedList queryKey={key} read={(page) => parley.conversations.bans(id, page)} nothing={t('nobody')}>
          {({ user, reason }) => (
            <PersonRow key={user.id} user={user} about={reason ?? false}>
              <Button isBusy={lift.isPending && lift.variables === user.id} onClick={() => lift.mutate(user.id)}>
                {t('lift')}
              </Button>
            </PersonRow>
          )}
        </PagedList>
      )}
    </section>
  );
}

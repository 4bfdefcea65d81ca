import type { Session } from '@parley/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Monitor, Smartphone } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useSignOut } from '../auth/sign-out.js';
import { Button } from '../ui/button.js';
import { Loading } from '../ui/loading.js';
import { tell } from '../ui/toasts.js';

const KEY = ['sessions'];

async function allSessions(): Promise<Session[]> {
  const sessions: Session[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await parley.auth.sessions({ limit: 100, ...(cursor !== undefined && { cursor }) });
    sessions.push(...page.items);
    if (!page.nextCursor) return sessions;
    cursor = page.nextCursor;
  }
}

/** Where one is signed in, and how to end that. */
export function SessionsSettings() {
  const t = useTranslations('settings.sessions');
  const words = useErrorWords();
  const signOut = useSignOut();
  const queries = useQueryClient();
  const { data: sessions, error, refetch } = useQuery({ queryKey: KEY, queryFn: allSessions });
  const end = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await parley.auth.endSession(id);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
    onError: (failure) => tell(words(failure)),
  });
  if (error) return <Button onClick={() => void refetch()}>{words(error)}</Button>;
  if (!sessions) return <Loading />;
  const others = sessions.filter(({ current }) => !current);
  return (
    <div className="flex flex-col gap-6">
      <ul className="flex flex-col divide-y divide-line">
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            isBusy={end.isPending && end.variables.includes(session.id)}
            onEnd={() => (session.current ? signOut() : end.mutate([session.id]))}
          />
        ))}
      </ul>
      {others.length > 0 && (
        <Button
          isBusy={end.isPending}
          onClick={() => end.mutate(others.map(({ id }) => id))}
          className="self-start text-danger"
        >
          {t('endOthers', { count: others.length })}
        </Button>
      )}
    </div>
  );
}

function SessionRow({
  session,
  isBusy,
  onEnd,
}: {
  readonly session: Session;
  readonly isBusy: boolean;
  readonly onEnd: () => void;
}) {
  const t = useTranslations('settings.sessions');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const { deviceName, address, lastUsedAt, current } = session;
  const Icon = /Android|iPhone|iPad/.test(deviceName ?? '') ? Smartphone : Monitor;
  return (
    <li className="flex items-center gap-4 py-3">
      <Icon aria-hidden size={24} className="shrink-0 text-soft" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{deviceName ?? t('unnamed')}</p>
        <p className="truncate text-sm text-soft">
          {current ? t('thisOne') : t('lastUsed', { when: format.relativeTime(new Date(lastUsedAt), now) })}
          {address && ` · ${address}`}
        </p>
      </div>
      <Button isBusy={isBusy} onClick={onEnd}>
        {t('end')}
      </Button>
    </li>
  );
}

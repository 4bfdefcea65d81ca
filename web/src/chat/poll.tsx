import type { Message, PollState } from '@parley/sdk';
import { PollMetadata } from '@parley/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { usePersonName } from '../app/people.js';
import { displayed } from '../text/display.js';
import { tell } from '../ui/toasts.js';

/** A question with answers to choose from, and how it stands. */
export function Poll({
  id,
  metadata,
  poll,
  mayClose,
}: {
  readonly id: string;
  readonly metadata: Message['metadata'];
  readonly poll: PollState | undefined;
  /** Whether the reader has asked. */
  readonly mayClose: boolean;
}) {
  const t = useTranslations('chat.poll');
  const words = useErrorWords();
  const queries = useQueryClient();
  const key = ['vote', id];
  // The same poll may be on the page twice, as in its thread.
  const field = useId();
  const { data: vote } = useQuery({ queryKey: key, queryFn: () => parley.messages.ownVote(id) });
  const own = vote ?? [];
  const { mutate } = useMutation({
    mutationKey: key,
    // One after the other, so that the last press is what holds.
    scope: { id: key.join(' ') },
    mutationFn: (options: readonly number[]) => parley.messages.vote(id, options),
    onMutate: async (options) => {
      // What is being read was before this press.
      const stop = queries.cancelQueries({ queryKey: key }, { revert: false });
      queries.setQueryData(key, options);
      await stop;
    },
    onSettled: () =>
      queries.isMutating({ mutationKey: key }) > 1 ? undefined : queries.invalidateQueries({ queryKey: key }),
    onError: (error) => tell(words(error)),
  });
  const close = useMutation({
    mutationFn: () => parley.messages.closePoll(id),
    onError: (error) => tell(words(error)),
  });
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const parsed = PollMetadata.safeParse(metadata);
  if (!parsed.success) return null;
  const { question, options, multiple, anonymous, closesAt } = parsed.data;
  const isOver = closesAt !== undefined && new Date(closesAt) <= now;
  const isClosed = (poll?.closedAt ?? null) !== null || isOver;
  const until =
    closesAt && t('until', { at: format.dateTime(new Date(closesAt), { dateStyle: 'short', timeStyle: 'short' }) });
  const voters = poll?.voters ?? 0;
  const choose = (option: number) => {
    const without = own.filter((chosen) => chosen !== option);
    if (without.length < own.length) mutate(without);
    else mutate(multiple ? [...own, option] : [option]);
  };
  const isTakenBack = (option: number) => !multiple && own.includes(option);
  return (
    <fieldset className="w-64 max-w-full min-w-0 py-1" disabled={isClosed || vote === undefined}>
      <legend dir="auto" className="font-semibold wrap-anywhere">
        {displayed(question)}
      </legend>
      <p className="mb-1 text-xs text-soft">
        {[t(multiple ? 'many' : 'one'), anonymous && t('anonymous'), isClosed ? t('closed') : until]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {options.map((text, option) => {
        const count = poll?.counts[option] ?? 0;
        const share = voters === 0 ? 0 : Math.round((count / voters) * 100);
        return (
          <div key={text} className="py-1">
            <div className="flex items-center gap-2">
              <input
                id={`${field} ${option}`}
                type={multiple ? 'checkbox' : 'radio'}
                name={field}
                checked={own.includes(option)}
                onChange={() => choose(option)}
                // What is chosen already does not change by another press, which takes it back.
                onClick={() => {
                  if (isTakenBack(option)) choose(option);
                }}
                onKeyUp={(event) => {
                  if (event.key !== ' ' || !isTakenBack(option)) return;
                  // Browsers differ in whether they press it.
                  event.preventDefault();
                  choose(option);
                }}
                className="size-4 accent-accent"
              />
              <label htmlFor={`${field} ${option}`} dir="auto" className="min-w-0 flex-1 wrap-anywhere">
                {displayed(text)}
              </label>
              <span className="text-sm text-soft">{count}</span>
            </div>
            <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
              <div className="h-full rounded-full bg-accent" style={{ width: `${share}%` }} />
            </div>
            <Voters userIds={poll?.userIds[option] ?? []} count={count} />
          </div>
        );
      })}
      <p className="flex items-center justify-between gap-2 text-xs text-soft">
        {t('voters', { count: voters })}
        {mayClose && !isClosed && (
          <button
            type="button"
            disabled={close.isPending}
            onClick={() => close.mutate()}
            className="min-h-6 font-semibold text-accent-strong hover:underline"
          >
            {t('close')}
          </button>
        )}
      </p>
    </fieldset>
  );
}

/** Those who are named; the rest are counted. */
const NAMED = 3;

function Voters({ userIds, count }: { readonly userIds: readonly string[]; readonly count: number }) {
  if (userIds.length === 0) return null;
  const named = userIds.slice(0, NAMED);
  return (
    <p className="mt-0.5 truncate text-xs text-soft">
      {named.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Name id={id} />
        </span>
      ))}
      {count > named.length && ` +${count - named.length}`}
    </p>
  );
}

const Name = ({ id }: { readonly id: string }) => <bdi>{displayed(usePersonName(id))}</bdi>;

import { isVisible } from '@parley/protocol';
import { ParleyError } from '@parley/sdk';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { z } from 'zod';
import { useErrorWords } from './error-words.js';

type Values = Record<string, string>;

/**
 * A form whose input is checked as it is typed by the schema that the server uses. What the server refuses shows at the
 * field it names, else in `problem`; what was typed stays.
 */
export function useForm<S extends z.ZodType>(schema: S, initial: Values) {
  const t = useTranslations('app.fields');
  const words = useErrorWords();
  const [values, setValues] = useState(initial);
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const parsed = schema.safeParse(values);
  const wordsOf = ({ code, message, path, ...issue }: z.core.$ZodIssue): string => {
    const name = String(path[0] ?? '');
    if (code === 'too_small') {
      const { minimum } = issue as { minimum: number };
      return values[name] === '' ? t('missing') : t('tooShort', { count: minimum });
    }
    if (code === 'too_big') return t('tooLong', { count: (issue as { maximum: number }).maximum });
    if (!isVisible(values[name] ?? '')) return t('blank');
    const known = `${name}Format`;
    return t.has(known as never) ? t(known as never) : message;
  };
  const faults = new Map(
    parsed.success
      ? []
      : parsed.error.issues.toReversed().map((issue) => [String(issue.path[0] ?? ''), wordsOf(issue)]),
  );

  /** What a field needs: its value, what is wrong with it, and how it changes. */
  const field = (name: string) => ({
    name,
    value: values[name] ?? '',
    error: refused[name] ?? (visited.has(name) ? faults.get(name) : undefined),
    onChange: ({ target }: { target: { value: string } }) => {
      setValues((before) => ({ ...before, [name]: target.value }));
      setRefused((before) => Object.fromEntries(Object.entries(before).filter(([path]) => path !== name)));
    },
    onBlur: () => setVisited((before) => new Set([...before, name])),
  });

  const run = async (send: (input: z.output<S>) => Promise<unknown>): Promise<void> => {
    setVisited(new Set(Object.keys(values)));
    setProblem(undefined);
    if (!parsed.success) return;
    setBusy(true);
    try {
      await send(parsed.data);
    } catch (error) {
      const named = error instanceof ParleyError ? error.errors.filter(({ path }) => path in values) : [];
      setRefused(Object.fromEntries(named.map(({ path, message }) => [path, message])));
      if (named.length === 0) setProblem(words(error));
    } finally {
      setBusy(false);
    }
  };

  /** Handles the form being sent: with everything right, `send` gets what the schema makes of it. */
  const submit = (send: (input: z.output<S>) => Promise<unknown>) => (event: FormEvent) => {
    event.preventDefault();
    void run(send);
  };

  return { field, submit, problem, isBusy, setValues };
}

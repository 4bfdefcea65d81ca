import { Availability, type Profile, SetStatus, type Status } from '@parley/protocol';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { FormProblem } from '../auth/auth-card.js';
import { parley } from '../app/parley.js';
import { useForm } from '../app/use-form.js';
import { Button } from '../ui/button.js';
import { Choice } from '../ui/choice.js';
import { TextField } from '../ui/text-field.js';
import { tell } from '../ui/toasts.js';

/** How long a text about oneself can stay, in minutes; null until it is taken back. */
const LASTING = { always: null, halfHour: 30, hours: 240, day: 1_440, week: 10_080 } as const;
type Lasting = keyof typeof LASTING;

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/** Whether one can be reached, and a text about it. */
export function StatusForm({
  profile,
  onSaved,
}: {
  readonly profile: Profile;
  readonly onSaved: (profile: Profile) => void;
}) {
  const t = useTranslations('settings.status');
  const app = useTranslations('app');
  const format = useFormatter();
  const [status, setStatus] = useState<Status['status']>(profile.status.status);
  const [lasting, setLasting] = useState<Lasting>('always');
  const [schema] = useState(() => SetStatus.pick({ text: true }));
  const { field, submit, problem, isBusy } = useForm(schema, { text: profile.status.text ?? '' });
  const { onChange, value, ...text } = field('text');
  const send = submit(async () => {
    const minutes = LASTING[lasting];
    onSaved(
      await parley.users.setStatus({
        status,
        ...(value !== '' && { text: value }),
        ...(value !== '' && minutes !== null && { expiresAt: inMinutes(minutes) }),
      }),
    );
    tell(t('saved'));
  });
  const { expiresAt } = profile.status;
  const until =
    expiresAt === null
      ? undefined
      : t('until', { at: format.dateTime(new Date(expiresAt), { dateStyle: 'medium', timeStyle: 'short' }) });
  return (
    <form noValidate onSubmit={send} className="flex flex-col gap-4">
      <h2 className="text-lg font-semibold">{t('title')}</h2>
      <Choice
        label={t('availability')}
        value={status}
        options={Availability.options.map((option) => ({ value: option, label: t(`options.${option}`) }))}
        onChange={setStatus}
      />
      <TextField
        label={t('text')}
        maxLength={140}
        value={value}
        onChange={onChange}
        {...text}
        error={undefined}
        hint={until}
      />
      <Choice
        label={t('lasting')}
        value={lasting}
        options={(Object.keys(LASTING) as Lasting[]).map((option) => ({
          value: option,
          label: t(`lastings.${option}`),
        }))}
        onChange={setLasting}
      />
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" look="primary" isBusy={isBusy} className="self-start">
        {app('save')}
      </Button>
    </form>
  );
}

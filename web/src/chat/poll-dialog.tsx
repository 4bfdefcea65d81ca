import { PollMetadata } from '@parley/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { Button } from '../ui/button.js';
import { Choice } from '../ui/choice.js';
import { Dialog } from '../ui/dialog.js';
import { Switch } from '../ui/switch.js';
import { TextField } from '../ui/text-field.js';
import { useDuration } from './use-duration.js';

const MOST_OPTIONS = 12;
/** How long a poll can be open, in seconds; 0 until it is closed by hand. */
const OPEN_FOR = [0, 3_600, 86_400, 604_800];

/** Asks a question with answers to choose from. */
export function PollDialog({
  conversationId,
  onClose,
}: {
  readonly conversationId: string;
  readonly onClose: () => void;
}) {
  const t = useTranslations('chat.poll');
  const [question, setQuestion] = useState('');
  const [options, setOptions] = useState<readonly string[]>(['', '']);
  const [multiple, setMultiple] = useState(false);
  const [anonymous, setAnonymous] = useState(false);
  const [openFor, setOpenFor] = useState(0);
  const lasting = useDuration();
  const given = options.map((option) => option.trim()).filter(Boolean);
  const metadata = { question, options: given, multiple, anonymous };
  const isComplete = PollMetadata.safeParse(metadata).success;
  const set = (index: number, value: string) => {
    const next = options.with(index, value);
    // There is always one more to fill in.
    setOptions(next.at(-1) !== '' && next.length < MOST_OPTIONS ? [...next, ''] : next);
  };
  const isRepeated = new Set(given).size < given.length;
  return (
    <Dialog title={t('new')} onClose={onClose} holdsText>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isComplete) return;
          const closesAt = openFor === 0 ? {} : { closesAt: new Date(Date.now() + openFor * 1_000).toISOString() };
          parley.store.send(conversationId, undefined, { messageType: 'poll', metadata: { ...metadata, ...closesAt } });
          onClose();
        }}
      >
        <TextField
          label={t('question')}
          autoFocus
          maxLength={300}
          value={question}
          onChange={({ target }) => setQuestion(target.value)}
        />
        {options.map((option, index) => (
          <TextField
            key={index}
            label={t('option', { number: index + 1 })}
            maxLength={100}
            value={option}
            onChange={({ target }) => set(index, target.value)}
          />
        ))}
        {isRepeated && (
          <p role="alert" className="text-sm text-danger">
            {t('repeated')}
          </p>
        )}
        <Switch label={t('many')} checked={multiple} onChange={setMultiple} />
        <Switch label={t('anonymous')} checked={anonymous} onChange={setAnonymous} />
        <Choice
          label={t('openFor')}
          value={String(openFor)}
          options={OPEN_FOR.map((seconds) => ({
            value: String(seconds),
            label: seconds === 0 ? t('openEver') : lasting(seconds),
          }))}
          onChange={(value) => setOpenFor(Number(value))}
        />
        <Button type="submit" look="primary" disabled={!isComplete}>
          {t('ask')}
        </Button>
      </form>
    </Dialog>
  );
}

import { PollMetadata } from '@parley/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { parley } from '../app/parley.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Switch } from '../ui/switch.js';
import { TextField } from '../ui/text-field.js';

const MOST_OPTIONS = 12;

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
    <Dialog title={t('new')} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isComplete) return;
          parley.store.send(conversationId, undefined, { messageType: 'poll', metadata });
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
        <Button type="submit" look="primary" disabled={!isComplete}>
          {t('ask')}
        </Button>
      </form>
    </Dialog>
  );
}

import type { Message } from '@parley/sdk';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '../app/error-words.js';
import { parley } from '../app/parley.js';
import { useStore } from '../app/use-store.js';
import { listed } from '../conversations/list.js';
import { faceOf, nameOf } from '../conversations/naming.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';
import { tell } from '../ui/toasts.js';

/** Chooses where a message is passed on to. */
export function ForwardDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const t = useTranslations('chat.forward');
  const words = useErrorWords();
  const [search, setSearch] = useState('');
  const state = useStore((whole) => whole);
  const found = useMemo(() => listed(state, { isArchive: false, search }), [state, search]);
  const forward = async (conversationId: string, name: string) => {
    onClose();
    try {
      await parley.messages.forward(message.id, conversationId);
      tell(t('done', { name }));
    } catch (error) {
      tell(words(error));
    }
  };
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <TextField label={t('search')} autoFocus value={search} onChange={({ target }) => setSearch(target.value)} />
      <ul className="mt-3 max-h-80 overflow-y-auto">
        {found.map(({ conversation }) => (
          <li key={conversation.id}>
            <button
              type="button"
              onClick={() => void forward(conversation.id, nameOf(conversation))}
              className="flex w-full items-center gap-3 rounded-xl px-2 py-2 text-left hover:bg-hover"
            >
              <Avatar {...faceOf(conversation)} name={nameOf(conversation)} />
              <bdi className="min-w-0 truncate font-medium">{nameOf(conversation)}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

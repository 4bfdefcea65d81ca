import { isVisible } from '@parley/protocol';
import type { Conversation } from '@parley/sdk';
import { catalogue } from '../i18n/index.js';
import { displayed } from '../text/display.js';

/** What a conversation is called in the list and on top of it. */
export function nameOf({ type, name, peer }: Pick<Conversation, 'type' | 'name' | 'peer'>): string {
  const called = displayed(name ?? peer?.displayName ?? '');
  // Groups of long ago may have a name that nobody can see, or press.
  return type === 'direct' || isVisible(called) ? called : catalogue().conversations.unnamed[type];
}

/** The picture and colour of a conversation are those of the other person, or its own. */
export const faceOf = ({ id, peer, avatarUrl }: Pick<Conversation, 'id' | 'peer' | 'avatarUrl'>) => ({
  id: peer?.id ?? id,
  url: peer?.avatarUrl ?? avatarUrl,
});

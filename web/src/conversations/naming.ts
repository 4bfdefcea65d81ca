import type { Conversation } from '@parley/sdk';
import { displayed } from '../text/display.js';

/** What a conversation is called in the list and on top of it. */
export const nameOf = ({ name, peer }: Pick<Conversation, 'name' | 'peer'>): string =>
  displayed(name ?? peer?.displayName ?? '');

/** The picture and colour of a conversation are those of the other person, or its own. */
export const faceOf = ({ id, peer, avatarUrl }: Pick<Conversation, 'id' | 'peer' | 'avatarUrl'>) => ({
  id: peer?.id ?? id,
  url: peer?.avatarUrl ?? avatarUrl,
});

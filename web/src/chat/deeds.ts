import type { Conversation, Message } from '@parley/sdk';
import { mayDo } from './rights.js';

/** What can be done with a message that needs more than the press of a button. */
export type Deed = 'reply' | 'edit' | 'delete' | 'forward' | 'status' | 'thread' | 'reactors' | 'versions';

/** Whether anything can be done with a message at all: a notice only says something, and what is gone is gone. */
export const isAlive = ({ messageType, deletedAt, isHidden }: Message): boolean =>
  messageType !== 'system' && deletedAt === null && !isHidden;

/** Whether the reader may change what a message says; the server knows until when. */
export const isEditable = (message: Message, userId: string): boolean =>
  isAlive(message) && message.senderId === userId && message.content !== null;

/** Whether the reader may see what a message said before it was changed. */
export const hasVersions = (message: Message, conversation: Conversation, userId: string): boolean =>
  message.isEdited && (message.senderId === userId || mayDo(conversation, 'moderateMessages'));

/** Whether the reader may delete a message for everyone. */
export const isDeletable = (message: Message, conversation: Conversation, userId: string): boolean =>
  message.senderId === userId || mayDo(conversation, 'moderateMessages');

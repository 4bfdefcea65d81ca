import type { Conversation, Message } from '@parley/sdk';
import { lazy } from 'react';
import { LatePart } from '../app/late-part.js';
import { useUserId } from '../app/use-store.js';
import { type Deed, isDeletable } from './deeds.js';

const DeleteDialog = lazy(() => import('./delete-dialog.js').then((module) => ({ default: module.DeleteDialog })));
const ForwardDialog = lazy(() => import('./forward-dialog.js').then((module) => ({ default: module.ForwardDialog })));
const ReactorsDialog = lazy(() =>
  import('./reactors-dialog.js').then((module) => ({ default: module.ReactorsDialog })),
);
const StatusDialog = lazy(() => import('./status-dialog.js').then((module) => ({ default: module.StatusDialog })));
const ThreadDialog = lazy(() => import('./thread-dialog.js').then((module) => ({ default: module.ThreadDialog })));
const VersionsDialog = lazy(() =>
  import('./versions-dialog.js').then((module) => ({ default: module.VersionsDialog })),
);

/** What is being done with which message. */
export interface OpenDialog {
  readonly deed: Exclude<Deed, 'reply' | 'edit'>;
  readonly message: Message;
}

/** What has to be asked or shown before or about something that is done with a message. */
export function MessageDialog({
  deed,
  message,
  conversation,
  onJump,
  onClose,
}: OpenDialog & {
  readonly conversation: Conversation;
  readonly onJump: (seq: number) => void;
  readonly onClose: () => void;
}) {
  const userId = useUserId();
  return (
    <LatePart onMissing={onClose}>
      {deed === 'delete' && (
        <DeleteDialog message={message} isForAll={isDeletable(message, conversation, userId)} onClose={onClose} />
      )}
      {deed === 'forward' && <ForwardDialog message={message} onClose={onClose} />}
      {deed === 'status' && <StatusDialog message={message} onClose={onClose} />}
      {deed === 'reactors' && <ReactorsDialog message={message} onClose={onClose} />}
      {deed === 'versions' && <VersionsDialog message={message} onClose={onClose} />}
      {deed === 'thread' && (
        <ThreadDialog message={message} conversation={conversation} onJump={onJump} onClose={onClose} />
      )}
    </LatePart>
  );
}

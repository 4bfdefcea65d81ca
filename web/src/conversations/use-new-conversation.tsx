import { lazy, type ReactNode, useState } from 'react';
import { LatePart } from '../app/late-part.js';

/** What can be begun. */
export type Kind = 'direct' | 'group' | 'channel';

const NewConversation = lazy(() =>
  import('./new-conversation.js').then((module) => ({ default: module.NewConversation })),
);

/** A way to begin a conversation: what opens the dialog, and where the dialog stands. */
export function useNewConversation(): { readonly begin: (kind: Kind) => void; readonly dialog: ReactNode } {
  const [kind, setKind] = useState<Kind>();
  const dialog = kind && (
    <LatePart onMissing={() => setKind(undefined)}>
      <NewConversation first={kind} onClose={() => setKind(undefined)} />
    </LatePart>
  );
  return { begin: setKind, dialog };
}

import type { ReactNode } from 'react';

/** Something to choose in the palette. */
export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon: ReactNode;
  /** Whom a conversation with one person is with. */
  readonly peerId?: string;
  readonly run: () => void;
}

import type { ReactNode } from 'react';

/** Something to choose in the palette. */
export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

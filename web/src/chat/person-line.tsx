import type { User } from '@parley/sdk';
import type { ReactNode } from 'react';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';

/** Somebody in a list of people, what there is to say of them, and what stands at the end of the line. */
export const PersonLine = ({
  id,
  person,
  about,
  children,
}: {
  readonly id: string;
  readonly person: User | undefined;
  readonly about: ReactNode;
  readonly children?: ReactNode;
}) => (
  <li className="flex items-center gap-3 py-2">
    <Avatar id={id} name={person?.displayName ?? ''} url={person?.avatarUrl ?? null} size="small" />
    <span className="flex min-w-0 flex-1 flex-col sm:flex-row sm:items-center sm:gap-3">
      <bdi className="min-w-0 flex-1 truncate">{displayed(person?.displayName ?? '')}</bdi>
      <span className="flex shrink-0 items-center gap-1 text-sm text-soft">{about}</span>
    </span>
    {children}
  </li>
);

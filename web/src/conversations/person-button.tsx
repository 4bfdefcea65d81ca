import type { User } from '@parley/sdk';
import type { ReactNode } from 'react';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';

/** Somebody in a list to choose from. */
export const PersonButton = ({
  person,
  onChoose,
  children,
  isPressed,
}: {
  readonly person: User;
  readonly onChoose: () => void;
  readonly children?: ReactNode;
  readonly isPressed?: boolean;
}) => (
  <button
    type="button"
    aria-pressed={isPressed}
    data-entry
    onClick={onChoose}
    className="flex w-full items-center gap-3 rounded-xl px-2 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
  >
    <Avatar id={person.id} name={person.displayName} url={person.avatarUrl} />
    <span className="min-w-0 flex-1">
      <bdi className="block truncate font-medium">{displayed(person.displayName)}</bdi>
      <span className="block truncate text-sm text-soft">@{person.username}</span>
    </span>
    {children}
  </button>
);

import type { User } from '@parley/sdk';
import type { ReactNode } from 'react';
import { displayed } from '../text/display.js';
import { Avatar } from '../ui/avatar.js';

/** Somebody in a list of a group: who they are, what more there is to say, and what can be done. */
export const PersonRow = ({
  user,
  about,
  children,
}: {
  readonly user: User;
  readonly about?: string | false;
  readonly children?: ReactNode;
}) => (
  <li className="flex items-center gap-3 py-1.5">
    <Avatar id={user.id} name={user.displayName} url={user.avatarUrl} />
    <span className="min-w-0 flex-1">
      <bdi className="block truncate text-left font-medium">{displayed(user.displayName)}</bdi>
      <span className="block truncate text-sm text-soft">
        {[`@${user.username}`, about].filter(Boolean).join(' · ')}
      </span>
    </span>
    {children}
  </li>
);

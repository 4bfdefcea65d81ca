import { Outlet, useMatches } from '@tanstack/react-router';
import { SignOutDialog } from '../auth/sign-out.js';
import { Sidebar } from '../conversations/sidebar.js';
import { Keyboard } from '../palette/keyboard.js';
import { classNames } from '../ui/class-names.js';
import { ConnectionBanner } from '../offline/connection-banner.js';

/**
 * What everybody who is signed in sees: the conversations on one side and what is open on the other; on a phone one of
 * the two.
 */
export function Shell() {
  const matches = useMatches();
  const isHome = matches.at(-1)?.pathname.replace(/\/$/, '') === '';
  return (
    <div className="flex h-full flex-col">
      <Keyboard />
      <SignOutDialog />
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <div
          className={classNames(
            'w-full flex-col border-r border-line md:flex md:w-88 md:shrink-0',
            isHome ? 'flex' : 'hidden',
          )}
        >
          <Sidebar />
        </div>
        <main className={classNames('min-w-0 flex-1 flex-col bg-canvas md:flex', isHome ? 'hidden' : 'flex')}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Languages } from '../i18n/index.js';
import { Updates } from '../offline/updates.js';
import { Toasts } from '../ui/toasts.js';
import { queries } from './query.js';
import { router } from './router.js';
import { useSession } from './session.js';

/** Everything on the page. */
export function App() {
  const session = useSession();
  // Who may see which page depends on who is signed in.
  useEffect(() => void router.invalidate(), [session]);
  return (
    <Languages>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Toasts />
        <Updates />
      </QueryClientProvider>
    </Languages>
  );
}

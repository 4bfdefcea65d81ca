import { ParleyError } from '@parley/sdk';
import { QueryClient } from '@tanstack/react-query';

const ATTEMPTS = 3;

/** What is read over REST and not kept by the store: people, sessions, invites. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < ATTEMPTS && error instanceof ParleyError && error.retryable,
    },
  },
});

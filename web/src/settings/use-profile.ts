import type { Profile } from '@parley/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { parley } from '../app/parley.js';
import { useStore } from '../app/use-store.js';

const KEY = ['profile'];

/** One's own account, and how a newer one is shown everywhere at once. */
export function useProfile(): { readonly profile: Profile | undefined; readonly show: (profile: Profile) => void } {
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: () => parley.users.profile() });
  return { profile: data, show: (profile) => client.setQueryData(KEY, profile) };
}

/** One's own account as far as it is known here: without a network, as the last visit has left it. */
export function useKnownProfile(): Profile | null {
  const kept = useStore(({ profile }) => profile);
  return useProfile().profile ?? kept;
}

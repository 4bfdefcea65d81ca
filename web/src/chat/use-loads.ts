import { useEffect, useRef, useState } from 'react';
import { parley } from '../app/parley.js';

/**
 * Loads parts of a timeline, one at a time. What has failed is not asked for again by itself, but when somebody wants it
 * or when the server is back: else a page without a server would ask without end.
 */
export function useLoads(): {
  readonly isLoading: boolean;
  readonly hasFailed: boolean;
  readonly load: (work: () => Promise<unknown>) => Promise<void>;
  readonly again: () => void;
} {
  const [isLoading, setLoading] = useState(false);
  const [failed, setFailed] = useState<() => Promise<unknown>>();
  const load = async (work: () => Promise<unknown>) => {
    setLoading(true);
    setFailed(undefined);
    await work().catch(() => setFailed(() => work));
    setLoading(false);
  };
  const again = () => {
    if (failed) void load(failed);
  };
  const latest = useRef(again);
  useEffect(() => {
    latest.current = again;
  });
  useEffect(() => parley.on('state', ({ state }) => void (state === 'connected' && latest.current())), []);
  return { isLoading, hasFailed: failed !== undefined, load, again };
}

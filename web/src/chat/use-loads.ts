import { useEffect, useRef, useState } from 'react';
import { parley } from '../app/parley.js';

/** What is to be loaded. */
type Work = () => Promise<unknown>;

/**
 * Loads parts of a timeline. What has failed is not asked for again by itself, but when somebody wants it or when the server
 * is back: else a page without a server would ask without end.
 */
export function useLoads(): {
  readonly isLoading: boolean;
  /** As `isLoading`, at this moment rather than as of the last drawing. */
  readonly isBusy: () => boolean;
  readonly hasFailed: boolean;
  readonly load: (work: Work) => Promise<void>;
  readonly again: () => void;
} {
  const [running, setRunning] = useState(0);
  const [failed, setFailed] = useState<Work>();
  const latest = useRef<Work>(undefined);
  const busy = useRef(0);
  const load = async (work: Work) => {
    latest.current = work;
    busy.current += 1;
    setRunning((count) => count + 1);
    setFailed(undefined);
    // Only what was wanted last is missed.
    await work().catch(() => latest.current === work && setFailed(() => work));
    busy.current -= 1;
    setRunning((count) => count - 1);
  };
  const again = () => {
    if (failed) void load(failed);
  };
  const retry = useRef(again);
  useEffect(() => {
    retry.current = again;
  });
  useEffect(() => parley.on('state', ({ state }) => void (state === 'connected' && retry.current())), []);
  return { isLoading: running > 0, isBusy: () => busy.current > 0, hasFailed: failed !== undefined, load, again };
}

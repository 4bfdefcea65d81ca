import type { RevokedReason } from '@parley/sdk';
import { useSyncExternalStore } from 'react';
import { parley } from './parley.js';
import { forgetKeptDrafts, storeKeptDrafts } from '../chat/kept-draft.js';
import { queries } from './query.js';

/** Whether somebody is signed in on this page; `reason` says why nobody is any more. */
export type SessionState =
  { readonly kind: 'unknown' } | { readonly kind: 'in' } | { readonly kind: 'out'; readonly reason?: RevokedReason };

let state: SessionState = { kind: 'unknown' };
const listeners = new Set<() => void>();
function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The connection is given up with these where nobody is signed in any more. */
const SIGNED_OUT: ReadonlySet<string> = new Set(['invalid_refresh_token', 'unauthenticated', 'session_ended']);

/** What is known of who is signed in. */
export const sessionState = (): SessionState => state;
export const useSession = (): SessionState => useSyncExternalStore(subscribe, sessionState);

/** All tabs share one cookie: whoever signs in or out in one does so in all. */
const tabs = new BroadcastChannel('parley.session');

/** Somebody has just signed in by hand. */
export function hasSignedIn(): void {
  tabs.postMessage('changed');
  signedIn();
}

/** Somebody is signed in: loads what is theirs, and connects. */
function signedIn(): void {
  become({ kind: 'in' });
  // Both go on by themselves until they have what they need, and show in the connection and the store.
  parley.store.start().catch(() => undefined);
  parley.connect().catch(() => undefined);
}

function signedOut(reason?: RevokedReason): void {
  queries.clear();
  // Nothing that others wrote stays on the device of somebody who is out.
  void parley.store.become(null);
  become({ kind: 'out', ...(reason && { reason }) });
}

/** How long signing out waits for drafts to reach the server, in ms. */
const DRAFTS_PATIENCE = 3_000;

/**
 * Ends the session, and leaves nothing of it on the device: drafts go to the server where they can, and what is unsent is
 * given up. Rejects while the server cannot be reached: only it can take back what keeps this page signed in.
 */
export async function signOut(): Promise<void> {
  const { userId } = parley.store.getState();
  const patience = new Promise((resolve) => setTimeout(resolve, DRAFTS_PATIENCE));
  await Promise.race([storeKeptDrafts(userId), patience]);
  await parley.auth.logout({ discardsUnsent: true });
  forgetKeptDrafts(userId);
  tabs.postMessage('changed');
  signedOut();
}

/** Finds out, at the start of the page, whether somebody is signed in. */
export async function startSession(): Promise<void> {
  parley.on('session_revoked', ({ reason }) => signedOut(reason));
  parley.on('state', ({ error }) => {
    // Why a session ended is told first where the server could tell.
    if (state.kind === 'in' && error && SIGNED_OUT.has(error.code)) signedOut('ended_elsewhere');
  });
  tabs.addEventListener('message', () => location.reload());
  addEventListener('online', () => parley.reconnect());
  readAgainAfterLoss();
  const isKnown = await parley.store.restore();
  // What was seen last shows at once, and the server is asked meanwhile whether whoever saw it is still signed in.
  if (isKnown) signedIn();
  const asked = askWhoIsIn();
  if (!isKnown) await asked;
}

/** What was read or kept over REST may have failed, or have changed, while the server was away. */
function readAgainAfterLoss(): void {
  let wasConnected = false;
  parley.on('state', ({ state: connection }) => {
    if (connection !== 'connected') return;
    void storeKeptDrafts(parley.store.getState().userId);
    // Where this is the first connection, what could be read before is as good as new.
    void queries.invalidateQueries(wasConnected ? {} : { predicate: ({ state }) => state.status === 'error' });
    wasConnected = true;
  });
}

async function askWhoIsIn(): Promise<void> {
  try {
    const isIn = await parley.auth.isSignedIn();
    if (!isIn) {
      signedOut(state.kind === 'in' ? 'ended_elsewhere' : undefined);
    } else if (state.kind !== 'in') signedIn();
  } catch {
    // The server is away: whoever was here goes on with what they have, and anybody else cannot begin.
    if (state.kind !== 'in') signedOut();
  }
}

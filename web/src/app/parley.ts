import { indexedDbCache, indexedDbOutbox, Parley } from '@parley/sdk';

/** The client of whoever is signed in on this page. What is unsent, and what was seen last, outlives a reload. */
export const parley = new Parley({
  url: location.origin,
  tokenStore: 'cookie',
  outbox: indexedDbOutbox(),
  cache: indexedDbCache(),
});

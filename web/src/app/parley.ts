import { indexedDbOutbox, Parley } from '@parley/sdk';

/** The client of whoever is signed in on this page. What is unsent outlives a reload. */
export const parley = new Parley({ url: location.origin, tokenStore: 'cookie', outbox: indexedDbOutbox() });

import { conversationsByActivity, type Conversation, type Message, type Parley } from '@parley/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Device } from './cast.js';

/** Events of several servers, and what a gap waits for, have come by then; in ms. */
const AT_REST_WITHIN = 15_000;
const LOOK_EVERY = 50;

/** All that a person sees: their conversations in order, each with its whole history. */
export type Sight = readonly { readonly conversation: Conversation; readonly messages: readonly Message[] }[];

/** What a client's store holds once it has loaded everything there is. */
export async function sightOf({ store }: Parley): Promise<Sight> {
  for (const id of store.getState().conversations.keys()) {
    // Whoever is put out meanwhile has nothing to load any more.
    while (await store.loadBefore(id, undefined, 100).catch(() => false));
  }
  return conversationsByActivity(store.getState()).map(({ conversation, messages }) => ({ conversation, messages }));
}

/** What a client sees that has nothing yet and loads everything. */
export async function freshSightOf(device: Device): Promise<Sight> {
  const fresh = device.reload();
  await fresh.store.start();
  return sightOf(fresh);
}

/**
 * Live equals reload: a store that has been told of everything holds exactly what a fresh one loads: every field of every
 * conversation and of every message, and all counts. Waits until both are at rest; shows where they differ if they stay
 * apart.
 */
export async function expectLiveEqualsReload(device: Device): Promise<void> {
  const giveUpAt = Date.now() + AT_REST_WITHIN;
  for (;;) {
    const [live, fresh] = [await sightOf(device.client), await freshSightOf(device)];
    try {
      // By value: in which order an object has its fields is nobody's business.
      expect(live).toEqual(fresh);
      return;
    } catch (difference) {
      if (Date.now() > giveUpAt) throw difference;
    }
    await sleep(LOOK_EVERY);
  }
}

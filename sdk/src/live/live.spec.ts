import { describe, expect, it } from 'vitest';
import { PresenceWatch } from './presence.js';
import { Screens } from './screens.js';

/** A connection that notes what is asked, and can be told that something happens. */
function startConnection() {
  const asked: string[] = [];
  const listeners = new Map<string, (payload: unknown) => void>();
  const connection = {
    state: 'connected' as const,
    on: (event: string, listener: (payload: never) => void) => {
      listeners.set(event, listener as (payload: unknown) => void);
      return () => undefined;
    },
    request: (event: string, payload: object) => {
      asked.push(`${event} ${Object.values(payload).join()}`);
      return Promise.resolve(event === 'join_conversation' ? { rev: 1, receipts: [] } : { items: [] });
    },
  };
  const tell = (event: string, payload: unknown) => listeners.get(event)?.(payload);
  return { asked, tell, connection: connection as never };
}

describe('what is watched', () => {
  it.each([
    ['a connection stands again', 'state', { state: 'connected' }],
    ['the server has missed something', 'sync_needed', { reason: 'bus_back' }],
  ])('is asked for again when %s', (_, event, payload) => {
    const { asked, tell, connection } = startConnection();
    const presence = new PresenceWatch(connection);
    presence.watch(['ann', 'ben'], () => undefined);
    const gone = presence.watch(['cleo'], () => undefined);
    gone();
    asked.length = 0;
    tell(event, payload);
    expect(asked).toEqual(['presence_subscribe ann,ben']);
  });

  it.each([
    ['a connection stands again', 'state', { state: 'connected' }],
    ['the server has missed something', 'sync_needed', { reason: 'bus_back' }],
  ])('is joined again on screen when %s', (_, event, payload) => {
    const { asked, tell, connection } = startConnection();
    const screens = new Screens({ connection, show: () => undefined, reached: () => undefined });
    screens.open('chat');
    screens.open('other')();
    asked.length = 0;
    tell(event, payload);
    expect(asked).toEqual(['join_conversation chat']);
  });
});

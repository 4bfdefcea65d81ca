import type { Viewer } from '../viewer.js';
import type { Connection } from './connection.js';

declare module '../events/domain-events.js' {
  interface DomainEvents {
    /** A socket is connected to this node and receives its user's events. */
    'connection.opened': { viewer: Viewer; connection: Connection };
    /** It is gone, for whatever reason; told once for each that was opened. */
    'connection.closed': { viewer: Viewer; connection: Connection };
    /** A session has ended somewhere, and this node has closed its sockets. */
    'session.closed': { sessionId: string };
  }
}

export {};

import type { Privacy, Status } from '@parley/protocol';
import type { Viewer } from '../platform/viewer.js';

declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** A person has changed who may see or do what with them. */
    'privacy.changed': { viewer: Viewer; before: Privacy; after: Privacy };
    /** A person has said anew whether they can be reached. */
    'status.changed': { viewer: Viewer; before: Status; after: Status };
  }
}

export {};

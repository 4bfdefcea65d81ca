import type { MovedMarks } from './marks.queries.js';

declare module '../platform/events/domain-events.js' {
  interface DomainEvents {
    /** Marks, delivered or read, that have moved in one commit. */
    'marks.moved': MovedMarks;
  }
}

export {};

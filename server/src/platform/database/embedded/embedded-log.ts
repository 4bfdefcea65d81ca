/** Receives what happens to the embedded PostgreSQL. */
export type EmbeddedLog = (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void;

export type { BackoffOptions } from './backoff.js';
export { type HistoryOptions, type PageOptions, Parley, type ParleyOptions, type SendOptions } from './client.js';
export type { ConnectionState, StateChange } from './connection.js';
export { type ClientErrorCode, ParleyError } from './errors.js';
export { newClientMessageId } from './sender.js';
export type { StoredTokens, TokenStore } from './tokens.js';
export type * from '@parley/protocol';

export type { PageOptions } from './api/call.js';
export type { HistoryOptions, SendOptions } from './api/messages.js';
export type { BackoffOptions } from './backoff.js';
export { Parley, type ParleyOptions } from './client.js';
export type { ConnectionState, StateChange } from './connection.js';
export { type ClientErrorCode, ParleyError } from './errors.js';
export { newClientMessageId, type Outgoing } from './sender.js';
export type { StoredTokens, TokenStore } from './tokens.js';
export type * from '@parley/protocol';

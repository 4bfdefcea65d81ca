export * from './auth.js';
export * from './conversations.js';
export * from './errors.js';
export * from './events.js';
export * from './messages.js';
export * from './pagination.js';
export * from './scalars.js';
export * from './users.js';

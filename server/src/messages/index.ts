export { type Found, MessageAccess } from './message-access.js';
export { MessageChanges } from './message-changes.js';
export { MessagesModule } from './messages.module.js';
export { requireFitting } from './text-length.js';

export { type Found, MessageAccess } from './message-access.js';
export { MessagesModule } from './messages.module.js';
export { MessagesService } from './messages.service.js';

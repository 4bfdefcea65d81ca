export { MentionsModule } from './mentions.module.js';
export { MentionsService } from './mentions.service.js';

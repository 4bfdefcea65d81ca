export { BanEntity } from './ban.entity.js';
export { ParticipantsModule } from './participants.module.js';

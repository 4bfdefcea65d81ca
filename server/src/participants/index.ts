export { BanEntity } from './ban.entity.js';
export { BansRepository } from './bans.repository.js';
export { ParticipantsModule } from './participants.module.js';
export { ParticipantsService } from './participants.service.js';
export { SeatingService } from './seating.service.js';

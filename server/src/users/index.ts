import './user.events.js';

export { UserEntity } from './user.entity.js';
export { type PublicUserRow, statusOf, toProfile, toUser } from './users.mapper.js';
export { UsersModule } from './users.module.js';
export { UsersService } from './users.service.js';

export { AuthModule } from './auth.module.js';
export { PasswordResetEntity } from './password-reset.entity.js';
export { RefreshTokenEntity } from './refresh-token.entity.js';
export { SessionEntity } from './session.entity.js';
export { SessionsService } from './sessions.service.js';

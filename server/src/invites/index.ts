export { InviteEntity } from './invite.entity.js';
export { InvitesModule } from './invites.module.js';
export { JoinRequestEntity } from './join-request.entity.js';

import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/index.js';
import { ConversationsModule } from './conversations/index.js';
import { DeletionModule } from './deletion/index.js';
import { entities } from './entities.js';
import { InvitesModule } from './invites/index.js';
import { ParticipantsModule } from './participants/index.js';
import { PresenceModule } from './presence/index.js';
import { ReceiptsModule } from './receipts/index.js';
import { ExpiryModule } from './expiry/index.js';
import { MessagesModule } from './messages/index.js';
import { PinsModule } from './pins/index.js';
import { PlatformModule, type PlatformOptions } from './platform/platform.module.js';
import { PollsModule } from './polls/index.js';
import { ReactionsModule } from './reactions/index.js';
import { RevisionsModule } from './revisions/index.js';
import { SyncModule } from './sync/index.js';
import { PreferencesModule } from './preferences/index.js';
import { UsersModule } from './users/index.js';

/** The whole server: the platform, and the features from the bottom up. */
@Module({})
export class AppModule {
  static with(options: Omit<PlatformOptions, 'entities'>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with({ ...options, entities }),
        UsersModule,
        AuthModule,
        ConversationsModule,
        ParticipantsModule,
        InvitesModule,
        PreferencesModule,
        DeletionModule,
        MessagesModule,
        RevisionsModule,
        ReactionsModule,
        PollsModule,
        PinsModule,
        ExpiryModule,
        ReceiptsModule,
        PresenceModule,
        SyncModule,
      ],
    };
  }
}

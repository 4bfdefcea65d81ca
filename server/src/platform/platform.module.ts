import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config.js';
import { Clock } from './clock.js';
import { createDataSource } from './database/data-source.js';
import { Database } from './database/database.js';
import { Events } from './events/domain-events.js';
import { AccessCheck } from './http/access-check.js';
import { Draining } from './http/draining.js';
import { HealthController } from './http/health.controller.js';
import { HomeController } from './http/home.controller.js';
import { JobQueue } from './jobs/job-queue.js';
import { Jobs } from './jobs/jobs.js';
import { Outbox } from './jobs/outbox.js';
import { OutboxRelay } from './jobs/outbox-relay.js';
import { PostgresJobQueue } from './jobs/postgres-job-queue.js';
import { RedisJobQueue } from './jobs/redis-job-queue.js';
import { Leases, LocalLeases } from './leases/leases.js';
import { RedisLeases } from './leases/redis-leases.js';
import { Limits } from './limits/limits.js';
import { Log } from './logging/log.js';
import { Mailer } from './mail/mailer.js';
import { FolderMailer, SmtpMailer } from './mail/nodemailer-mailer.js';
import { Metrics } from './metrics/metrics.js';
import { Bus, LocalBus } from './realtime/bus.js';
import { RedisBus } from './realtime/redis-bus.js';
import { Redis } from './redis/redis.js';
import { ClientEventRouter } from './realtime/client-events.js';
import { Realtime } from './realtime/realtime.js';
import { DEFAULT_TIMING, TIMING, type Timing } from './timing.js';

/** What the platform is built from: settings that are complete, a prepared database and its entities. */
export interface PlatformOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly entities: readonly (new () => object)[];
  /** Another source of time, for tests. */
  readonly clock?: Clock;
  /** Less patience, for tests that wait for it to run out. */
  readonly timing?: Partial<Timing>;
}

function createMailer(config: Config): Mailer {
  const host = new URL(config.PUBLIC_URL ?? 'http://localhost').hostname;
  const envelope = { from: config.MAIL_FROM, host };
  return config.SMTP_URL
    ? new SmtpMailer(config.SMTP_URL, envelope)
    : new FolderMailer(join(config.PARLEY_DATA_DIR, 'outbox'), envelope);
}

const shared = [Database, Draining, Events, Limits, Log, Metrics, Outbox, Jobs, Realtime];

/** The technology beneath the features; knows none of them. */
@Global()
@Module({})
export class PlatformModule {
  static with({ config, databaseUrl, entities, clock, timing }: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      imports: [DiscoveryModule],
      controllers: [HealthController, HomeController],
      providers: [
        { provide: CONFIG, useValue: config },
        {
          provide: DataSource,
          useFactory: () => createDataSource(databaseUrl, config, entities).initialize(),
        },
        { provide: TIMING, useValue: { ...DEFAULT_TIMING, ...timing } },
        { provide: Clock, useValue: clock ?? new Clock() },
        { provide: Mailer, useFactory: () => createMailer(config) },
        {
          // `null` where one node is all there is.
          provide: Redis,
          useFactory: (metrics: Metrics, log: Log) =>
            config.REDIS_URL ? new Redis(config.REDIS_URL, metrics, log) : null,
          inject: [Metrics, Log],
        },
        {
          provide: Bus,
          useFactory: (redis: Redis | null, log: Log) => (redis ? new RedisBus(redis, log) : new LocalBus()),
          inject: [Redis, Log],
        },
        {
          provide: Leases,
          useFactory: (redis: Redis | null) => (redis ? new RedisLeases(redis) : new LocalLeases()),
          inject: [Redis],
        },
        {
          provide: JobQueue,
          useFactory: (database: Database) =>
            config.REDIS_URL ? new RedisJobQueue(config.REDIS_URL) : new PostgresJobQueue(database),
          inject: [Database],
        },
        AccessCheck,
        ClientEventRouter,
        OutboxRelay,
        ...shared,
      ],
      exports: [Clock, CONFIG, Leases, Mailer, Redis, TIMING, ...shared],
    };
  }
}

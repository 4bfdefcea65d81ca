import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config.js';
import { AppError } from '../app-error.js';
import { Database } from '../database/database.js';
import { hashSecret } from '../ids.js';
import { Metrics } from '../metrics/metrics.js';
import { Draining } from './draining.js';
import { Access } from './access.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** What operators ask: alive, ready, and how it goes. */
@ApiTags('Operations')
@Controller()
export class HealthController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly draining: Draining,
  ) {}

  /** The process runs; says nothing of what it depends on. */
  @Get('health/live')
  @Access('public')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** This node can serve now: PostgreSQL answers and the server is not stopping. */
  @Get('health/ready')
  @Access('public')
  async ready(): Promise<{ status: 'ok' }> {
    if (this.draining.begun) throw new AppError('unavailable');
    await this.database.ping();
    return { status: 'ok' };
  }

  /** Prometheus text; for the holder of the token, or without one for direct calls from this machine. */
  @Get('metrics')
  @Access('public')
  @ApiExcludeEndpoint()
  async read(@Req() request: FastifyRequest): Promise<string> {
    // To anyone else the page does not exist.
    if (!this.#mayReadMetrics(request)) throw new AppError('not_found');
    return this.metrics.registry.metrics();
  }

  #mayReadMetrics({ headers, socket }: FastifyRequest): boolean {
    const { METRICS_TOKEN, NODE_ENV } = this.config;
    if (METRICS_TOKEN) {
      return timingSafeEqual(hashSecret(`Bearer ${METRICS_TOKEN}`), hashSecret(headers.authorization ?? ''));
    }
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
    return NODE_ENV !== 'production' && !isForwarded && LOOPBACK.has(socket.remoteAddress ?? '');
  }
}

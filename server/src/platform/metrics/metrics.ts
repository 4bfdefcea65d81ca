import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const BATCH_SIZES = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

/** Everything the server measures, in one place; labels are few and never name a person or a conversation. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly httpDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to response, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers: [this.registry],
  });
  readonly socketEvents = new Counter({
    name: 'socket_events_total',
    help: 'Client events handled, by event and outcome code',
    labelNames: ['event', 'code'],
    registers: [this.registry],
  });
  readonly sockets = new Gauge({
    name: 'sockets_connected',
    help: 'Open client connections on this node',
    registers: [this.registry],
  });
  readonly messagesSent = new Counter({
    name: 'messages_sent_total',
    help: 'Messages committed, by type',
    labelNames: ['type'],
    registers: [this.registry],
  });
  readonly batchSize = new Histogram({
    name: 'append_batch_size',
    help: 'Messages written by one commit',
    buckets: BATCH_SIZES,
    registers: [this.registry],
  });
  readonly batchDuration = new Histogram({
    name: 'append_batch_duration_seconds',
    help: 'Time of one batch from the statement to the durable commit',
    buckets: REQUEST_SECONDS,
    registers: [this.registry],
  });
  readonly appendQueue = new Gauge({
    name: 'append_queue_depth',
    help: 'Messages waiting for a writer',
    registers: [this.registry],
  });
  readonly poolWait = new Histogram({
    name: 'database_pool_wait_seconds',
    help: 'Time spent waiting for a database connection',
    buckets: REQUEST_SECONDS,
    registers: [this.registry],
  });
  readonly jobs = new Counter({
    name: 'jobs_total',
    help: 'Background jobs finished, by name and outcome',
    labelNames: ['name', 'outcome'],
    registers: [this.registry],
  });
  readonly outboxDepth = new Gauge({
    name: 'outbox_depth',
    help: 'Side effects written but not yet handed to the job queue, as last seen',
    registers: [this.registry],
  });
  readonly redisUp = new Gauge({
    name: 'redis_up',
    help: "1 while Redis carries this node's pulses, 0 while it is away or not configured",
    registers: [this.registry],
  });

  constructor() {
    // Includes nodejs_eventloop_lag_seconds and its quantiles.
    collectDefaultMetrics({ register: this.registry });
  }
}

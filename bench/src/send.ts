/** Durable 1-to-1 throughput: pairs in a closed loop, the server and the bare prototype turn by turn. */
import type { Measurement } from './measurement.js';
import { type Load, measurePrototype, measureServer } from './pairs.js';
import { makeCouples } from './people.js';
import { publish } from './results.js';
import { median, round } from './statistics.js';
import { withServer } from './with-server.js';

export interface SendOptions extends Load {
  readonly pairs: number;
  readonly rounds: number;
  /** As for `withServer`. */
  readonly profile: boolean;
}

export async function send({ pairs, rounds, profile, ...load }: SendOptions): Promise<void> {
  await withServer(async (server, postgres) => {
    console.log(`registering ${2 * pairs} people …`);
    const couples = await makeCouples(server.url, pairs);
    const prototypes: Measurement[] = [];
    const servers: Measurement[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const measurement of await measurePrototype(postgres, pairs, [load]))
        prototypes.push(report(`prototype ${round}`, measurement));
      servers.push(report(`server ${round}`, await measureServer(server, postgres, couples, load)));
    }
    publishSend({ pairs, rounds, ...load }, postgres.version, prototypes, servers);
  }, profile);
}

function report(name: string, measurement: Measurement): Measurement {
  const { messagesPerSecond, ackMs, cpuMicrosecondsPerMessage: cost, cpuSeconds } = measurement;
  console.log(
    `${name}: ${messagesPerSecond} msg/s, ack p50 ${ackMs.p50} p99 ${ackMs.p99} ms; µs CPU a message: ` +
      `server ${cost.server}, PostgreSQL ${cost.postgres}, generator ${cost.generator}; rest of the machine ${cpuSeconds.rest} s`,
  );
  return measurement;
}

function publishSend(
  parameters: Omit<SendOptions, 'profile'>,
  postgres: string,
  prototypes: readonly Measurement[],
  servers: readonly Measurement[],
): void {
  const medianOf = (runs: readonly Measurement[]): number => median(runs.map((run) => run.messagesPerSecond));
  const ratio = round(medianOf(servers) / medianOf(prototypes), 2);
  const verdict =
    `The server carries ${round(medianOf(servers))} durable messages a second, ${ratio} of the bare prototype's ` +
    `${round(medianOf(prototypes))} (medians; counted at the receivers' sockets).`;
  const rowOf = (name: string, run: Measurement) => [
    name,
    run.messagesPerSecond,
    `${run.ackMs.p50} / ${run.ackMs.p95} / ${run.ackMs.p99}`,
    `${run.deliveryMs.p50} / ${run.deliveryMs.p95} / ${run.deliveryMs.p99}`,
    Object.values(run.cpuMicrosecondsPerMessage).join(' / '),
    run.serverRssMib,
    `${run.readMarks.refused} / ${run.readMarks.sent}`,
    run.cpuSeconds.rest,
  ];
  publish({
    scenario: 'send',
    seed: parameters.seed,
    postgres,
    parameters: { ...parameters, limits: 'off' },
    verdict,
    columns: [
      'run',
      'messages/s',
      'ack p50 / p95 / p99, ms',
      'delivery p50 / p95 / p99, ms',
      'CPU µs a message: server / PostgreSQL / generator',
      'server RSS, MiB',
      'read marks refused / sent',
      'rest of the machine, CPU s',
    ],
    rows: prototypes.flatMap((prototype, at) => {
      const server = servers[at];
      return [rowOf(`prototype ${at + 1}`, prototype), ...(server ? [rowOf(`server ${at + 1}`, server)] : [])];
    }),
    details: { ratio, prototypes, servers },
  });
  console.log(verdict);
}

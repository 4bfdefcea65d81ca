/** How long a message takes to its peer: an open loop at two rates, on the bare prototype and on the server. */
import type { Measurement } from './measurement.js';
import { type Load, measurePrototype, measureServer } from './pairs.js';
import { makeCouples } from './people.js';
import { publish } from './results.js';
import { round } from './statistics.js';
import { withServer } from './with-server.js';

export interface LatencyOptions extends Omit<Load, 'pace'> {
  readonly pairs: number;
  /** Messages a second, all pairs together. */
  readonly rate: number;
  /** How long one message a second is sent; each second is a sample. */
  readonly quietSeconds: number;
  /** As for `withServer`. */
  readonly profile: boolean;
}

export async function latency({ pairs, rate, quietSeconds, profile, ...rest }: LatencyOptions): Promise<void> {
  const busy: Load = { ...rest, pace: { perSecond: rate } };
  const quiet: Load = { ...rest, pace: { perSecond: 1 }, seconds: quietSeconds };
  await withServer(async (server, postgres) => {
    console.log(`registering ${2 * pairs} people …`);
    const couples = await makeCouples(server.url, pairs);
    const [bareBusy, bareQuiet] = await measurePrototype(postgres, pairs, [busy, quiet]);
    const ourBusy = await measureServer(server, postgres, couples, busy);
    const ourQuiet = await measureServer(server, postgres, couples, quiet);
    if (!bareBusy || !bareQuiet) throw new Error('The prototype was not measured.');
    publishLatency({ pairs, rate, quietSeconds, ...rest }, postgres.version, [
      { name: `prototype, ${rate} msg/s`, run: bareBusy },
      { name: `server, ${rate} msg/s`, run: ourBusy },
      { name: 'prototype, 1 msg/s', run: bareQuiet },
      { name: 'server, 1 msg/s', run: ourQuiet },
    ]);
  }, profile);
}

function publishLatency(
  parameters: Omit<LatencyOptions, 'profile'>,
  postgres: string,
  runs: readonly { name: string; run: Measurement }[],
): void {
  const [bareBusy, ourBusy, , ourQuiet] = runs.map(({ run }) => run.deliveryMs);
  if (!bareBusy || !ourBusy || !ourQuiet) throw new Error('Four runs were expected.');
  const verdict =
    `At ${parameters.rate} messages a second one reaches its peer in ${ourBusy.p50} ms (p99 ${ourBusy.p99} ms), ` +
    `${round(ourBusy.p50 / bareBusy.p50, 2)} of the bare prototype's ${bareBusy.p50} ms (p99 ${bareBusy.p99} ms); ` +
    `at one a second in ${ourQuiet.p50} ms (p99 ${ourQuiet.p99} ms). Counted from when it was meant to be sent.`;
  publish({
    scenario: 'latency',
    seed: parameters.seed,
    postgres,
    parameters,
    verdict,
    columns: [
      'run',
      'messages/s',
      'delivery p50 / p95 / p99 / max, ms',
      'ack p50 / p95 / p99 / max, ms',
      'of that late in the generator p50 / p95 / p99 / max, ms',
      'rest of the machine, CPU s',
    ],
    rows: runs.map(({ name, run }) => [
      name,
      round(run.messages / run.seconds, 1),
      ...[run.deliveryMs, run.ackMs, run.lateMs].map(({ p50, p95, p99, max }) => [p50, p95, p99, max].join(' / ')),
      run.cpuSeconds.rest,
    ]),
    details: { runs },
  });
  console.log(verdict);
}

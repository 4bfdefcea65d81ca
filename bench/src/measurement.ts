import { Child } from './child.js';
import type { FromGenerator, Job, PairOutcome, Report } from './generator.js';
import { round } from './statistics.js';
import { type CpuUse, residentBytes, startCpuMeter } from './usage.js';

/** One run of the generator, and what it cost. */
export interface Measurement extends Omit<Report, 'pairs'> {
  readonly cpuSeconds: CpuUse;
  /** CPU time of all that takes part, for one message. */
  readonly cpuMicrosecondsPerMessage: {
    readonly server: number;
    readonly postgres: number;
    readonly generator: number;
  };
  readonly serverRssMib: number;
}

export interface Measured {
  readonly measurement: Measurement;
  readonly pairs: readonly PairOutcome[];
}

/** Lets a generator loose on whoever listens on the job's port. */
export async function measure(job: Job, processes: { server: number; postmaster: number }): Promise<Measured> {
  const generator = new Child<FromGenerator>('./generator.js');
  try {
    generator.send(job);
    await generator.next('connected');
    await generator.next('window opened');
    const cpuUsed = startCpuMeter({ ...processes, generator: generator.pid });
    await generator.next('window closed');
    const cpuSeconds = cpuUsed();
    const serverRssMib = round(residentBytes(processes.server) / 2 ** 20);
    const { pairs, ...report } = (await generator.next('report')).report;
    const each = (seconds: number): number => round((seconds / report.messages) * 1e6, 1);
    const { server, postgres, generator: own } = cpuSeconds;
    const cpuMicrosecondsPerMessage = { server: each(server), postgres: each(postgres), generator: each(own) };
    return { measurement: { ...report, cpuSeconds, cpuMicrosecondsPerMessage, serverRssMib }, pairs };
  } finally {
    await generator.end();
  }
}

/** Throws unless every message was acknowledged and came exactly once, in order. */
export function assertFaultless({ faults }: Measurement): void {
  const found = Object.entries(faults).filter(([, count]) => count > 0);
  if (found.length > 0) throw new Error(`Not every message came once: ${JSON.stringify(Object.fromEntries(found))}`);
}

/** What processes cost, as Linux counts it. */
import { readFileSync, readdirSync } from 'node:fs';
import { round } from './statistics.js';

const TICKS_PER_SECOND = 100;
const KIB = 1_024;

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
  /** Of children that ended. */
  readonly pastTicks: number;
}

function statOf(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold spaces; what follows it are the fields from the third on.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (field: number): number => fields[field - 3] ?? 0;
    return { parent: at(4), ticks: at(14) + at(15), pastTicks: at(16) + at(17) };
  } catch {
    return null;
  }
}

export function parentOf(pid: number): number {
  return statOf(pid)?.parent ?? 0;
}

/** Resident memory of one process, in bytes. */
export function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib) * KIB;
}

function ticksOf(pid: number): number {
  return statOf(pid)?.ticks ?? 0;
}

/** Of a process and all its children, those that ended meanwhile too. */
function ticksOfFamily(pid: number): number {
  const family = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const children = family.filter(({ parent }) => parent === pid).reduce((sum, { ticks }) => sum + ticks, 0);
  return ticksOf(pid) + (statOf(pid)?.pastTicks ?? 0) + children;
}

function busyTicksOfMachine(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync('/proc/stat', 'latin1')
    .slice('cpu'.length, 200)
    .trim()
    .split(/\s+/)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

export interface Processes {
  readonly server: number;
  readonly postmaster: number;
  readonly generator: number;
}

/** CPU seconds of a stretch of time. */
export interface CpuUse {
  readonly server: number;
  readonly postgres: number;
  readonly generator: number;
  /** What none of these processes used: other programs, the kernel, and what the host took away. Large: a noisy run. */
  readonly rest: number;
}

/** Starts counting; the returned function says what was used since. */
export function startCpuMeter(processes: Processes): () => CpuUse {
  const read = (): number[] => [
    ticksOf(processes.server),
    ticksOfFamily(processes.postmaster),
    ticksOf(processes.generator),
    busyTicksOfMachine(),
  ];
  const before = read();
  return () => {
    const [server = 0, postgres = 0, generator = 0, machine = 0] = read().map(
      (ticks, at) => (ticks - (before[at] ?? 0)) / TICKS_PER_SECOND,
    );
    return { server, postgres, generator, rest: round(machine - server - postgres - generator, 2) };
  };
}

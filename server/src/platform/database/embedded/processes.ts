import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What tells one process from another that later gets the same pid. */
export interface LiveProcess {
  /** When it started, in a form only fit for comparison. */
  readonly startedAt: string;
  /** Its command line, arguments parted by one space. */
  readonly command: string;
}

/** Looks at a process; null when it is gone or a zombie that nobody has reaped. */
export function inspectProcess(pid: number): Promise<LiveProcess | null> {
  return process.platform === 'linux' ? inspectByProc(pid) : inspectByPs(pid);
}

async function inspectByProc(pid: number): Promise<LiveProcess | null> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // The name in parentheses may itself hold spaces; the fields after it are state, ppid … start time (the 20th).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt] = [fields[0], fields[19]];
    return state === 'Z' || startedAt === undefined ? null : { startedAt, command: command.replaceAll('\0', ' ') };
  } catch {
    return null;
  }
}

/** For systems without /proc, such as macOS. */
async function inspectByPs(pid: number): Promise<LiveProcess | null> {
  try {
    const ps = await promisify(execFile)('/bin/ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], {
      env: { LC_ALL: 'C' },
    });
    // "Ss   Sun Nov 22 12:34:56 2026 /path/postgres -D …": a date of five words.
    const [, state = '', startedAt = '', command = ''] =
      /^\s*(\S+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/s.exec(ps.stdout) ?? [];
    return startedAt === '' || state.startsWith('Z') ? null : { startedAt, command: `${command.trim()} ` };
  } catch {
    return null;
  }
}

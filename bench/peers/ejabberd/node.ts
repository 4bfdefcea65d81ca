import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from './installation.js';

/** What it carries messages with: routing alone, the modules of a chat, or those and an archive in PostgreSQL. */
export type Equipment = 'nothing else' | 'modules' | 'modules and archive';

const START_TIMEOUT = 30_000;
/** Of the modules in Debian's configuration those that a chat between two people meets; none opens a port of its own. */
const MODULES = [
  ...['mod_adhoc', 'mod_avatar', 'mod_blocking', 'mod_caps', 'mod_carboncopy', 'mod_client_state', 'mod_disco'],
  ...['mod_last', 'mod_offline', 'mod_ping', 'mod_privacy', 'mod_private', 'mod_pubsub', 'mod_push', 'mod_roster'],
  ...['mod_shared_roster', 'mod_stream_mgmt', 'mod_vcard', 'mod_vcard_xupdate', 'mod_version'],
];
const ARCHIVE = '  mod_mam:\n    db_type: sql\n    default: always\n';

/** An ejabberd of our own: own directory, loopback only, and no Erlang node that others could reach (so no epmd). */
export class EjabberdNode {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(
    { libraries }: Installation,
    { databaseUrl, equipment }: { databaseUrl: string; equipment: Equipment },
  ): Promise<EjabberdNode> {
    const directory = await mkdtemp(join(tmpdir(), 'ejabberd-'));
    const spool = join(directory, 'spool');
    const config = join(directory, 'ejabberd.yml');
    const port = await findFreePort();
    await mkdir(spool);
    await writeFile(config, configOf(port, new URL(databaseUrl), equipment), { mode: 0o600 });
    const child = spawn(
      'erl',
      // As `ejabberdctl foreground` would, but without a node name.
      ['+K', 'true', '+P', '250000', '-noinput', '-mnesia', 'dir', JSON.stringify(spool), '-s', 'ejabberd'],
      {
        cwd: directory,
        stdio: 'ignore',
        env: {
          PATH: process.env['PATH'],
          HOME: directory,
          ERL_LIBS: libraries,
          EJABBERD_CONFIG_PATH: config,
          EJABBERD_LOG_PATH: join(directory, 'ejabberd.log'),
          ERL_CRASH_DUMP_BYTES: '0',
        },
      },
    );
    const node = new EjabberdNode(port, directory, child);
    try {
      await node.#untilListening();
      return node;
    } catch (error) {
      await node.stop();
      throw error;
    }
  }

  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error('Erlang could not be started.');
    return pid;
  }

  /** Its end is sudden, as there is nothing to keep. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGKILL');
      await exited;
    }
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #untilListening(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT;
    while (this.child.exitCode === null && performance.now() < deadline) {
      if (await accepts(this.port)) return;
      await sleep(50);
    }
    const log = await readFile(join(this.directory, 'ejabberd.log'), 'utf8').catch(() => 'no log');
    throw new Error(`ejabberd did not start. Its log ends with:\n${log.slice(-2_000)}`);
  }
}

function configOf(port: number, database: URL, equipment: Equipment): string {
  return `
hosts: [localhost]
loglevel: error
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    access: all
    shaper: none
auth_method: sql
auth_password_format: plain
sql_type: pgsql
sql_server: "${database.hostname}"
sql_port: ${database.port}
sql_database: "${database.pathname.slice(1)}"
sql_username: "${database.username}"
sql_password: "${database.password}"
${modulesOf(equipment)}`;
}

function modulesOf(equipment: Equipment): string {
  if (equipment === 'nothing else') return 'modules: {}\n';
  const modules = MODULES.map((name) => `  ${name}: {}\n`).join('');
  return `modules:\n${modules}${equipment === 'modules' ? '' : ARCHIVE}`;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

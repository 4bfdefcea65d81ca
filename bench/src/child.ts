import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A script of this directory in a process of its own, which talks in messages that each have a kind. */
export class Child<M extends { readonly kind: string }> {
  readonly #process: ChildProcess;
  readonly #unread: M[] = [];
  #arrived: () => void = () => undefined;
  #ended = false;

  constructor(script: string, options: { env?: Readonly<Record<string, string>>; nodeArgs?: readonly string[] } = {}) {
    const env = { PATH: process.env['PATH'], ...options.env };
    this.#process = fork(fileURLToPath(new URL(script, import.meta.url)), {
      env,
      execArgv: [...(options.nodeArgs ?? [])],
    });
    this.#process.on('message', (message) => {
      this.#unread.push(message as M);
      this.#arrived();
    });
    this.#process.once('exit', () => {
      this.#ended = true;
      this.#arrived();
    });
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error('The process could not be started.');
    return pid;
  }

  send(message: object): void {
    this.#process.send(message);
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** The next message, which must be of this kind. */
  async next<K extends M['kind']>(kind: K): Promise<Extract<M, { kind: K }>> {
    while (this.#unread.length === 0) {
      if (this.#ended) throw new Error(`The process ended before "${kind}".`);
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
    const message = this.#unread.shift();
    if (message?.kind !== kind) throw new Error(`Expected "${kind}", got "${message?.kind}".`);
    return message as Extract<M, { kind: K }>;
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await exited;
  }
}

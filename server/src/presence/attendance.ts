import { Inject, Injectable } from '@nestjs/common';
import { Leases } from '../platform/leases/leases.js';
import { Log } from '../platform/logging/log.js';
import { TIMING, type Timing } from '../platform/timing.js';
import type { PersonRef } from './presence.repository.js';

const nameOf = ({ tenantId, userId }: PersonRef): string => `${tenantId}/${userId}`;
function personOf(name: string): PersonRef {
  const [tenantId = '', userId = ''] = name.split('/');
  return { tenantId, userId };
}

/**
 * Who is connected. A node holds a lease for everyone who has a connection to it. When the last one closes the lease is
 * cut short rather than ended: who comes back before that, to whichever node, has not been away.
 */
@Injectable()
export class Attendance {
  readonly #connections = new Map<string, Set<string>>();
  readonly #held = new Set<string>();
  /** Whether leases could not be reached, so that they may have been lost. */
  #isBehind = false;
  /** Whose first connection has opened, or whose last has closed. */
  #turned = new Set<string>();

  constructor(
    @Inject(TIMING) private readonly timing: Timing,
    private readonly leases: Leases,
    private readonly log: Log,
  ) {}

  opened(person: PersonRef, connectionId: string): void {
    const name = nameOf(person);
    const connections = this.#connections.get(name) ?? new Set();
    this.#connections.set(name, connections.add(connectionId));
    if (connections.size === 1) this.#turned.add(name);
  }

  closed(person: PersonRef, connectionId: string): void {
    const name = nameOf(person);
    const connections = this.#connections.get(name);
    connections?.delete(connectionId);
    if (connections?.size !== 0) return;
    this.#connections.delete(name);
    this.#turned.add(name);
  }

  /** Everyone who is connected to this node. */
  here(): PersonRef[] {
    return [...this.#connections.keys()].map(personOf);
  }

  /** Brings the leases up to what has opened and closed; answers who has come, and who has just gone from here. */
  async settle(): Promise<{ come: PersonRef[]; left: PersonRef[] }> {
    const turned = [...this.#turned];
    this.#turned = new Set();
    const present = turned.filter((name) => this.#connections.has(name));
    const left = turned.filter((name) => !this.#connections.has(name) && this.#held.delete(name));
    for (const name of present) this.#held.add(name);
    const come = await this.#hold(present, this.timing.leaseHolds);
    await this.#hold(left, this.timing.comeBackWithin);
    return { come: come.map(personOf), left: left.map(personOf) };
  }

  /** Whether leases are to be renewed at once, whenever that was done last. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Says that this node is still there; answers who was not held, as after a loss of all leases. */
  async renew(): Promise<PersonRef[]> {
    this.#isBehind = false;
    return (await this.#hold([...this.#held], this.timing.leaseHolds)).map(personOf);
  }

  /** Who is connected nowhere any longer, told to one node. */
  async gone(): Promise<PersonRef[]> {
    try {
      return (await this.leases.expire()).map(personOf);
    } catch (error) {
      this.#failed(error);
      return [];
    }
  }

  /** Which of these are connected to any node, or to this one where the others cannot be known. */
  async connectedAmong(people: readonly PersonRef[]): Promise<(person: PersonRef) => boolean> {
    const held = await this.#heldAmong(people.map(nameOf));
    return (person) => held.has(nameOf(person));
  }

  async #heldAmong(names: readonly string[]): Promise<Pick<ReadonlySet<string>, 'has'>> {
    try {
      return await this.leases.heldAmong(names);
    } catch {
      return this.#connections;
    }
  }

  /** A lease that cannot be told now is told with the next renewal, which is soon, or runs out. */
  async #hold(names: readonly string[], ms: number): Promise<string[]> {
    try {
      return names.length > 0 ? await this.leases.hold(names, ms) : [];
    } catch (error) {
      this.#failed(error);
      return [];
    }
  }

  #failed(error: unknown): void {
    this.#isBehind = true;
    this.log.debug('leases cannot be reached', { error: String(error) });
  }
}

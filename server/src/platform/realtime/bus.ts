import type { RevokedReason } from '@parley/protocol';
import type { Server } from 'socket.io';
import type { Topic, TopicKind } from './connection.js';

/** A person is in a conversation from now on, or no longer; of the changes of their inbox it is the one of this number. */
export interface Move {
  readonly userId: string;
  readonly inboxRev: number;
}

/** People are in a conversation from now on, or no longer. */
export interface MoveRequest {
  readonly kind: 'join' | 'leave';
  readonly userIds: readonly string[];
  /** Of each person, in the same order. */
  readonly inboxRevs: readonly number[];
  readonly conversationId: string;
}

/** What one node asks of all of them, itself included. */
export type NodeRequest =
  | MoveRequest
  | {
      readonly kind: 'end_session';
      readonly userIds: readonly [string];
      readonly sessionId: string;
      readonly reason: RevokedReason;
    }
  | { readonly kind: 'find'; readonly userIds: readonly string[] }
  /** Their connections no longer watch these topics, or any of these kinds. */
  | { readonly kind: 'unwatch'; readonly userIds: readonly string[]; readonly topics: readonly (Topic | TopicKind)[] }
  /** What is watched of one kind by their connections, and by whomever of these topics: answered pair by pair. */
  | {
      readonly kind: 'watching';
      readonly userIds: readonly string[];
      readonly of: TopicKind;
      readonly topics: readonly Topic[];
    }
  /** Their seats may have changed unheard: PostgreSQL is to be asked. */
  | { readonly kind: 'look_again'; readonly userIds: readonly string[] }
  /** The node that asks has not told all that it had to: everybody's clients are to sync. */
  | { readonly kind: 'sync_all'; readonly userIds: readonly [] };

/** What the bus needs of the node it connects. */
export interface BusNode {
  /** Whether the rooms of its sockets are known to be right at this moment. */
  readonly isCurrent: boolean;
  /** Whether there is something that the others should have been told and were not. */
  readonly hasUntold: boolean;
  /**
   * Does what is asked and answers which of the named people have a socket here, or what else was asked for. Never
   * rejects; all but what only PostgreSQL can tell is done when it returns.
   */
  carryOut(request: NodeRequest): readonly string[] | Promise<readonly string[]>;
  /** From now on this node may miss what the others ask: it must tell its sockets nothing that they could be denied. */
  lost(): void;
  /** It hears the others again, and has missed what they asked meanwhile. */
  back(): void;
  /** Others are gone without a goodbye: what they wrote last they may have told nobody. */
  vanished(): void;
}

/** How the nodes of one installation reach each other. */
export abstract class Bus {
  /** Whether nothing that another node asks can be missed here, at this moment. */
  abstract get hears(): boolean;
  /** Connects this node; what its Socket.IO server emits from now on reaches the sockets of all nodes. */
  abstract start(server: Server, node: BusNode): Promise<void>;
  /**
   * Has every node carry something out. Resolves, with all that the nodes have answered, once all have done
   * so; throws `unavailable` if that cannot be known.
   */
  abstract ask(request: NodeRequest): Promise<readonly string[]>;
}

/** There is one node: what it asks, it does. */
export class LocalBus extends Bus {
  readonly hears = true;
  #node: BusNode | undefined;

  async start(_server: Server, node: BusNode): Promise<void> {
    this.#node = node;
  }

  async ask(request: NodeRequest): Promise<readonly string[]> {
    return this.#node?.carryOut(request) ?? [];
  }
}

/** Who is who in a log: nicks come and go and change hands, people stay. */
import { isVisible } from '@parley/protocol';
import type { IrcEvent } from './irc-log.js';

export interface Person {
  /** Index into the people of the cast. */
  readonly id: number;
  /** The nick under which this person first appears. */
  readonly nick: string;
  /** The nick this person had at the end. */
  readonly lastNick: string;
  /** Whether they spoke, left or were renamed before any join of theirs: then they were there all along. */
  readonly isThereAtStart: boolean;
  readonly isThereAtEnd: boolean;
}

/** What one person does; a log's line can ask for two, for who speaks after leaving has to be let in first. */
export type Step = { readonly person: number; readonly line: number } & (
  | { readonly kind: 'say'; readonly nick: string; readonly text: string; readonly isAction: boolean }
  | { readonly kind: 'join' | 'leave' }
  | { readonly kind: 'rename'; readonly to: string }
);

export interface Cast {
  readonly people: readonly Person[];
  readonly steps: readonly Step[];
  /** Lines of whose text nothing can be seen: nobody can send those. */
  readonly emptyLines: number;
  /** Lines about the room, blank ones, and those not understood. */
  readonly otherLines: number;
}

interface Draft {
  readonly id: number;
  readonly nick: string;
  readonly isThereAtStart: boolean;
  lastNick: string;
  isThere: boolean;
}

/**
 * Finds the people of a log and what each of them does. A nick belongs to whoever took it last, in exactly this
 * spelling; who loses their nick to somebody else stays, unheard of. After a leave a nick keeps its owner, so that
 * coming back is the same person.
 *
 * @example
 * castOf(parseIrcLog('[10:59] <ada> hi\n=== ada is now known as bob\n[10:59] <bob> still me\n')).people;
 * // [{ id: 0, nick: 'ada', lastNick: 'bob', isThereAtStart: true, isThereAtEnd: true }]
 */
export function castOf(events: readonly IrcEvent[]): Cast {
  const casting = new Casting();
  for (const event of events) casting.take(event);
  return casting.result();
}

class Casting {
  readonly #people: Draft[] = [];
  readonly #owners = new Map<string, Draft>();
  readonly #steps: Step[] = [];
  #emptyLines = 0;
  #otherLines = 0;

  take(event: IrcEvent): void {
    switch (event.kind) {
      case 'message':
      case 'action':
        return this.#speak(event);
      case 'join':
        return this.#enter(this.#personOf(event.nick, 'joining'), event.line);
      case 'leave':
        return this.#leave(this.#personOf(event.nick, 'there'), event.line);
      case 'rename':
        return this.#rename(event.from, event.to, event.line);
      case 'other':
        this.#otherLines += 1;
    }
  }

  result(): Cast {
    const people = this.#people.map(({ isThere, ...person }): Person => ({ ...person, isThereAtEnd: isThere }));
    return { people, steps: this.#steps, emptyLines: this.#emptyLines, otherLines: this.#otherLines };
  }

  #speak({ kind, nick, text, line }: Extract<IrcEvent, { kind: 'message' | 'action' }>): void {
    const person = this.#personOf(nick, 'there');
    if (!isVisible(text)) {
      this.#emptyLines += 1;
      return;
    }
    this.#enter(person, line);
    this.#steps.push({ kind: 'say', person: person.id, nick, text, isAction: kind === 'action', line });
  }

  #enter(person: Draft, line: number): void {
    if (person.isThere) return;
    person.isThere = true;
    this.#steps.push({ kind: 'join', person: person.id, line });
  }

  #leave(person: Draft, line: number): void {
    if (!person.isThere) return;
    person.isThere = false;
    this.#steps.push({ kind: 'leave', person: person.id, line });
  }

  #rename(from: string, to: string, line: number): void {
    const person = this.#personOf(from, 'there');
    this.#owners.delete(from);
    this.#owners.set(to, person);
    person.lastNick = to;
    if (from !== to) this.#steps.push({ kind: 'rename', person: person.id, to, line });
  }

  #personOf(nick: string, firstSeen: 'joining' | 'there'): Draft {
    const known = this.#owners.get(nick);
    if (known) return known;
    const isThere = firstSeen === 'there';
    const person: Draft = { id: this.#people.length, nick, lastNick: nick, isThereAtStart: isThere, isThere };
    this.#people.push(person);
    this.#owners.set(nick, person);
    return person;
  }
}

import type { Role } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { type Action, directKey, heirOf, mayDo, mayRemove } from './conversation.rules.js';

const ROLES: readonly Role[] = ['owner', 'admin', 'member'];

describe('what a role may do', () => {
  it.each<[Action, Role[]]>([
    ['post', ['owner', 'admin', 'member']],
    ['addParticipants', ['owner', 'admin']],
    ['removeParticipants', ['owner', 'admin']],
    ['editDetails', ['owner', 'admin']],
    ['changeRoles', ['owner']],
  ])('%s is for %j', (action, allowed) => {
    expect(ROLES.filter((role) => mayDo(role, action))).toEqual(allowed);
  });

  it.each<[Role, Role[]]>([
    ['owner', ['owner', 'admin', 'member']],
    ['admin', ['member']],
    ['member', []],
  ])('%s may remove %j', (actor, targets) => {
    expect(ROLES.filter((target) => mayRemove(actor, target))).toEqual(targets);
  });
});

describe('the heir of a group', () => {
  const at = (name: string, role: Role, day: number) => ({ name, role, joinedAt: new Date(Date.UTC(2026, 0, day)) });

  it('is the admin who joined first, though members have been there longer', () => {
    const others = [at('old member', 'member', 1), at('late admin', 'admin', 5), at('early admin', 'admin', 3)];
    expect(heirOf(others)?.name).toBe('early admin');
  });

  it('is the member who joined first when there is no admin', () => {
    expect(heirOf([at('late', 'member', 5), at('early', 'member', 2)])?.name).toBe('early');
  });

  it('is the first named among those who joined in the same moment', () => {
    expect(heirOf([at('first', 'member', 2), at('second', 'member', 2)])?.name).toBe('first');
  });

  it('is nobody when nobody is left', () => {
    expect(heirOf([])).toBeNull();
  });

  it('leaves the list it chose from as it was', () => {
    const others = [at('b', 'member', 2), at('a', 'member', 1)];
    heirOf(others);
    expect(others.map(({ name }) => name)).toEqual(['b', 'a']);
  });
});

describe('the key of a direct conversation', () => {
  it('is the same from both sides and another for every other pair', () => {
    const people = ['a', 'b', 'c', 'd'];
    const pairs = people.flatMap((one) => people.filter((other) => other > one).map((other) => [one, other] as const));
    for (const [one, other] of pairs) expect(directKey(one, other)).toBe(directKey(other, one));
    expect(new Set(pairs.map(([one, other]) => directKey(one, other))).size).toBe(pairs.length);
  });
});

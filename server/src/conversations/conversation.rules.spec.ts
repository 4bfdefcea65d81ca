import type { Role } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import {
  type Action,
  directKey,
  heirOf,
  mayActOn,
  mayDo,
  mayGiveRole,
  maySetPermissions,
  rightsToSet,
  ROLES,
} from './conversation.rules.js';

describe('what a role may do', () => {
  it.each<[Action, Role]>([
    ['post', 'guest'],
    ['addParticipants', 'admin'],
    ['invite', 'admin'],
    ['removeParticipants', 'moderator'],
    ['pin', 'moderator'],
    ['editDetails', 'admin'],
    ['mentionAll', 'moderator'],
    ['moderateMessages', 'moderator'],
    ['changeRoles', 'admin'],
    ['changeSettings', 'admin'],
    ['transferOwnership', 'owner'],
    ['deleteConversation', 'owner'],
  ])('in a group %s begins with the %s', (action, lowest) => {
    const allowed = ROLES.filter((role) => mayDo({ type: 'group', permissions: {}, role }, action));
    expect(allowed).toEqual(ROLES.slice(0, ROLES.indexOf(lowest) + 1));
  });

  it('follows what the conversation has set itself, and its type for the rest', () => {
    const channel = { type: 'channel', permissions: { pin: 'member' } } as const;
    expect(mayDo({ ...channel, role: 'member' }, 'pin')).toBe(true);
    expect(mayDo({ ...channel, role: 'member' }, 'post')).toBe(false);
    expect(mayDo({ ...channel, role: 'admin' }, 'post')).toBe(true);
  });

  it.each<[Role, Role[]]>([
    ['owner', ['owner', 'admin', 'moderator', 'member', 'guest']],
    ['admin', ['moderator', 'member', 'guest']],
    ['moderator', ['member', 'guest']],
    ['member', ['guest']],
    ['guest', []],
  ])('%s may act on %j', (actor, targets) => {
    expect(ROLES.filter((target) => mayActOn(actor, target))).toEqual(targets);
  });

  it('lets nobody raise a person to their own height, or lower one of it, but owners', () => {
    expect(mayGiveRole('admin', 'member', 'moderator')).toBe(true);
    expect(mayGiveRole('admin', 'member', 'admin')).toBe(false);
    expect(mayGiveRole('admin', 'admin', 'member')).toBe(false);
    expect(mayGiveRole('owner', 'admin', 'owner')).toBe(true);
  });
});

describe('changing what a conversation is set to', () => {
  it('takes the right to what is changed, and both where both are', () => {
    expect(rightsToSet({ name: 'Hall', description: null, messageTtl: 5 })).toEqual(['editDetails']);
    expect(rightsToSet({ joinPolicy: 'open', slowModeSeconds: 1 })).toEqual(['changeSettings']);
    expect(rightsToSet({ name: 'Hall', permissions: {} })).toEqual(['editDetails', 'changeSettings']);
    expect(rightsToSet({})).toEqual([]);
  });

  it('moves no right from above a role, or to above it', () => {
    const admin = { type: 'group', permissions: { invite: 'owner' }, role: 'admin' } as const;
    expect(maySetPermissions(admin, { pin: 'admin', post: 'member' })).toBe(true);
    expect(maySetPermissions(admin, { pin: 'owner' })).toBe(false);
    expect(maySetPermissions(admin, { invite: 'admin' })).toBe(false);
    expect(maySetPermissions(admin, { invite: 'owner' })).toBe(true);
    expect(maySetPermissions({ ...admin, role: 'owner' }, { invite: 'guest', pin: 'owner' })).toBe(true);
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

import { code, heading, table } from './markdown.mjs';
import { importServer } from './server.mjs';

const { ACTIONS, mayDo, ROLES } = await importServer('conversations/conversation.rules.js');

const MEANINGS = {
  post: 'write messages and react; everyone may vote',
  addParticipants: 'bring people in',
  invite: 'make, list and revoke invites; let in who asks',
  removeParticipants: 'remove, mute and ban people of a lower role; list and lift bans',
  pin: 'pin and unpin messages',
  editDetails: 'change name, description and the time after which messages disappear',
  mentionAll: 'mention everyone',
  moderateMessages: 'delete what others wrote, for everyone; see earlier versions',
  changeRoles: 'give and take roles below their own',
  changeSettings: 'change permissions, join policy, history visibility and slow mode',
  transferOwnership: 'hand the conversation over and stay as admin',
  deleteConversation: 'delete the conversation with all that was said in it',
};

const meaningOf = (action) => {
  if (!MEANINGS[action]) throw new Error(`scripts/gen/permissions.mjs does not say what ${action} means`);
  return MEANINGS[action];
};

function matrix(type) {
  const rows = ACTIONS.map((action) => [
    code(action),
    meaningOf(action),
    ...ROLES.map((role) => (mayDo({ type, permissions: {}, role }, action) ? '✓' : '')),
  ]);
  return table(['Action', 'To', ...ROLES], rows);
}

function direct() {
  const may = ACTIONS.filter((action) => mayDo({ type: 'direct', permissions: {}, role: 'member' }, action));
  return table(
    ['Action', 'To'],
    may.map((action) => [code(action), meaningOf(action)]),
  );
}

export function permissionsPage() {
  return `${heading('Permissions', '`server/src/conversations/conversation.rules.ts`')}
Who may do what, by role. A test tries this table over REST, action by action and role by role. Whoever is not in a
conversation is told that it does not exist (404), whatever they try; a member whose role does not allow something gets
\`forbidden\` (403).

## Groups

${matrix('group')}

## Channels

${matrix('channel')}

## Direct conversations

Both people are members, equals, and stay: neither can be put out, nobody can be brought in, and of the settings there is
only \`messageTtl\`. Whatever belongs to groups and channels is answered with \`direct_conversation\` (409).

${direct()}

## What a conversation can set itself

All rows but the last four are defaults: \`PUT /conversations/:id\` with \`permissions\` sets the lowest role for each. Nobody
moves a right out of their own reach or into it: the role it had and the role it gets both lie at or below the role of
whoever changes it. Owners may set everything. When \`post\` changes, it holds for all members from that moment on.

## What holds everywhere

- **Nobody acts against their own rank or above.** Removing, muting and banning reach people of a lower role; owners reach
  everyone. Roles are given and taken by who stands above both the old and the new one; owners may give any.
- **Nobody acts against themselves.** Leaving is how one goes; it cannot be forbidden.
- **There is always an owner.** The last one cannot lay it down. When they leave or close their account, it passes on to
  whoever has the highest role, and among those to who has been there longest.
- **A mute** keeps its end across leaving and coming back. **A ban** keeps a person from being added, from joining and from
  asking to, until it is lifted.
- **Slow mode** makes members and guests wait, and nobody above them.
- **What newcomers read** is decided when they are seated: everything, or from their joining on. A later change of the
  setting changes nothing for who is there already; who comes back begins anew.
`;
}

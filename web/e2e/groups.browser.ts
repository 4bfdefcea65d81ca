import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, PHONE, unique } from './harness.js';

/** Where the letters of a text begin, which may be within a wider box. */
const leftOf = (text: Locator): Promise<number> =>
  text.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return Math.round(range.getBoundingClientRect().left);
  });

describeInBrowser('a group', (stage) => {
  it('is begun, joined by its link, ruled, and left', async () => {
    const { person, openAs } = stage();
    const [lan, minh] = [
      await person(unique('lan'), { firstName: 'Lan' }),
      await person(unique('minh'), { firstName: 'Minh' }),
    ];
    const hers = await openAs(lan);
    await hers.getByRole('button', { name: 'New conversation' }).first().click();
    await hers.getByRole('button', { name: 'New group' }).click();
    await hers.getByLabel('Name').fill('   ');
    await hers.getByRole('button', { name: 'Create', exact: true }).click();
    await hers.getByText('This needs something that can be seen.').waitFor();
    await hers.getByLabel('Name').fill('Cà phê sáng');
    await hers.getByRole('button', { name: 'Create', exact: true }).click();
    await hers.getByRole('heading', { name: 'Cà phê sáng' }).waitFor();

    await hers.getByRole('button', { name: 'Details' }).click();
    await hers.getByRole('button', { name: 'New link' }).click();
    await hers.getByRole('button', { name: 'Code to scan' }).click();
    await hers.getByTitle('Code to scan').locator('path').first().waitFor({ state: 'attached' });
    const link = (await hers.getByText('/app/join/').textContent()) ?? '';

    // Who is not signed in comes to the invite after that.
    const his = await stage().open(new URL(link).pathname.replace('/app', ''));
    await his.getByLabel('User name or e-mail').fill(minh.profile.username);
    await his.getByLabel('Password').fill(minh.password);
    await his.getByRole('button', { name: 'Sign in' }).click();
    await his.getByRole('button', { name: 'Join' }).click();
    await his.getByRole('heading', { name: 'Cà phê sáng' }).waitFor();
    await his.getByRole('textbox', { name: 'Write a message' }).fill('Chào cả nhà');
    await his.keyboard.press('Enter');
    await hers.getByRole('dialog').getByText('Minh', { exact: true }).waitFor();

    await hers.getByRole('button', { name: 'What to do with Minh' }).click();
    await hers.getByRole('menuitem', { name: 'Make moderator' }).click();
    await hers.getByRole('dialog').getByText('moderator', { exact: true }).waitFor();
    await hers.getByLabel('Write messages').selectOption('admin');
    await his.getByText('Only some people may write here.').waitFor();
    await hers.getByLabel('Write messages').selectOption('guest');
    await his.getByRole('textbox', { name: 'Write a message' }).waitFor();

    await hers.getByRole('button', { name: 'What to do with Minh' }).click();
    await hers.getByRole('menuitem', { name: 'Remove' }).click();
    await his.getByRole('heading', { name: 'This conversation is not here' }).waitFor();
    expect(stage().complaints).toEqual([]);
  });

  it('lets in who asks, once somebody says yes', async () => {
    const { person, openAs } = stage();
    const [lan, minh] = [
      await person(unique('lan'), { firstName: 'Lan' }),
      await person(unique('minh'), { firstName: 'Minh' }),
    ];
    const { id } = await lan.client.conversations.create({ type: 'group', name: 'Câu lạc bộ', participantIds: [] });
    const { code } = await lan.client.conversations.createInvite(id, { requiresApproval: true });
    const hers = await openAs(lan, `/c/${id}`);
    await hers.getByRole('button', { name: 'Details' }).click();
    await hers.getByText('Invite links').waitFor();
    const his = await openAs(minh, '/settings/profile');
    await his.goto(`${stage().server.url}/app/join/${code}`);
    await his.getByRole('button', { name: 'Ask to join' }).click();
    await his.getByText('You have asked to join.').waitFor();
    await hers.getByRole('button', { name: 'Let in' }).waitFor();
    // Whoever is not sure whether they have asked may ask again.
    await his.reload();
    await his.getByRole('button', { name: 'Ask to join' }).click();
    await his.getByText('You have asked to join.').waitFor();
    await hers.getByRole('button', { name: 'Let in' }).click();
    await his.getByRole('button', { name: 'Open' }).click();
    await his.getByRole('textbox', { name: 'Write a message' }).waitFor();
    await his.goto(`${stage().server.url}/app/join/${'x'.repeat(43)}`);
    await his.getByText('This invite is not valid').waitFor();
    expect(stage().complaints).toEqual([]);
  });

  it('tells whom a text means, chosen by keyboard alone', async () => {
    const { person, openAs } = stage();
    const [lan, minh] = [
      await person(unique('lan'), { firstName: 'Lan' }),
      await person(unique('minh'), { firstName: 'Minh' }),
    ];
    const input = { type: 'group' as const, name: 'Nhóm', participantIds: [minh.profile.id] };
    const { id } = await lan.client.conversations.create(input);
    const page = await openAs(lan);
    await page.getByRole('link', { name: /Nhóm/ }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /Nhóm/ }).waitFor();
    await page.keyboard.type('nhom');
    await expect.poll(() => page.getByRole('option').first().textContent()).toContain('Nhóm');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/c/${id}`);
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    await page.keyboard.type('@minh');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('xem này');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await minh.client.conversations.get(id)).me.mentionCount).toBe(1);
  });

  it('that one leaves or deletes leaves one at home', async () => {
    const { person, openAs } = stage();
    const lan = await person(unique('lan'), { firstName: 'Lan' });
    const begin = async (name: string) =>
      (await lan.client.conversations.create({ type: 'group', name, participantIds: [] })).id;
    const [left, deleted] = [await begin('Rời đi'), await begin('Xóa bỏ')];
    await begin('Ở lại');
    const page = await openAs(lan, `/c/${left}`);
    await page.getByRole('heading', { name: 'Rời đi' }).waitFor();
    await page.getByRole('link', { name: /Rời đi/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Leave' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Choose a conversation' }).waitFor();
    await page.getByRole('link', { name: /Xóa bỏ/ }).click();
    await page.waitForURL(`**/c/${deleted}`);
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Delete for everyone' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Delete for everyone' }).click();
    await page.getByRole('heading', { name: 'Choose a conversation' }).waitFor();
    expect(stage().complaints).toEqual([]);
  });

  it('that is not there, or not yet joined, lets one go back to the list on a phone', async () => {
    const { person, openAs } = stage();
    const [lan, minh] = [await person(unique('lan')), await person(unique('minh'))];
    const { id } = await lan.client.conversations.create({ type: 'group', name: 'Quán', participantIds: [] });
    const { code } = await lan.client.conversations.createInvite(id);
    const page = await openAs(minh, '/', { viewport: PHONE });
    for (const [path, title] of [
      ['/c/01a20000-0000-7000-8000-000000000000', 'This conversation is not here'],
      [`/join/${'x'.repeat(43)}`, 'This invite is not valid'],
      [`/join/${code}`, 'Quán'],
    ] as const) {
      await page.goto(`${stage().server.url}/app${path}`);
      await page.getByRole('heading', { name: title }).waitFor();
      await page.getByRole('link', { name: 'To the conversations' }).click();
      await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    }
    expect(stage().complaints).toEqual([]);
  });

  it('keeps names that are written from right to left beside their faces', async () => {
    const { person, openAs } = stage();
    const [lan, layla] = [await person(unique('lan')), await person(unique('layla'), { firstName: 'ليلى' })];
    const participantIds = [layla.profile.id];
    const { id } = await lan.client.conversations.create({ type: 'group', name: 'Nhóm', participantIds });
    const chat = await lan.client.conversations.direct(layla.profile.id);
    const page = await openAs(lan, `/c/${id}`);
    for (const conversation of [id, chat.id]) {
      await page.goto(`${stage().server.url}/app/c/${conversation}`);
      await page.getByRole('button', { name: 'Details' }).click();
      const details = page.getByRole('dialog');
      const username = details.getByText(`@${layla.profile.username}`);
      await username.waitFor();
      expect(await leftOf(details.locator('bdi', { hasText: 'ليلى' }))).toBe(await leftOf(username));
    }
  });

  it('asks before it bans or gives itself away, and says to everyone what a ban means', async () => {
    const { person, openAs } = stage();
    const [lan, minh] = [
      await person(unique('lan'), { firstName: 'Lan' }),
      await person(unique('minh'), { firstName: 'Minh' }),
    ];
    const input = { type: 'group' as const, name: 'Nhóm', participantIds: [minh.profile.id] };
    const { id } = await lan.client.conversations.create(input);
    const { code } = await lan.client.conversations.createInvite(id);
    const hers = await openAs(lan, `/c/${id}`);
    await hers.getByRole('button', { name: 'Details' }).click();
    const choose = async (name: string) => {
      await hers.getByRole('button', { name: 'What to do with Minh' }).click();
      await hers.getByRole('menuitem', { name }).click();
    };
    const roles = async () => (await lan.client.conversations.participants(id)).items.map(({ role }) => role);

    await choose('Ban…');
    await hers.getByRole('dialog', { name: 'Ban this person?' }).getByRole('button', { name: 'Cancel' }).click();
    await choose('Make owner…');
    const giving = hers.getByRole('dialog', { name: 'Make somebody else the owner?' });
    await giving.getByText('Minh becomes the owner').waitFor();
    expect(await roles()).toEqual(['owner', 'member']);
    await hers.keyboard.press('Escape');
    await giving.waitFor({ state: 'detached' });
    await hers.getByRole('button', { name: 'Banned people' }).click();
    await hers.getByText('Nobody is banned.').waitFor();
    await choose('Ban…');
    await hers
      .getByRole('dialog', { name: 'Ban this person?' })
      .getByRole('button', { name: 'Ban', exact: true })
      .click();
    await hers.getByRole('button', { name: 'Lift the ban' }).waitFor();

    const his = await openAs(minh, `/join/${code}`);
    await his.getByRole('heading', { name: 'You are banned from this conversation.' }).waitFor();
    await hers.getByRole('button', { name: 'Add people' }).click();
    await hers.getByLabel('Name or user name').fill(minh.profile.username);
    const found = hers.getByRole('dialog').getByRole('button', { name: `@${minh.profile.username}` });
    await found.click();
    await hers.getByText('They are banned here.').first().waitFor();
    await hers.getByRole('button', { name: 'Lift the ban' }).click();
    await hers.getByText('Nobody is banned.').waitFor();
    await minh.client.users.updateProfile({ privacy: { addToGroups: 'nobody' } });
    await found.click();
    await hers.getByText('They do not want to be added to groups.').first().waitFor();
    await his.reload();
    await his.getByRole('button', { name: 'Join' }).click();
    await choose('Make owner…');
    await giving.getByRole('button', { name: 'Make owner' }).click();
    await expect.poll(roles).toEqual(['admin', 'owner']);
    expect(stage().complaints).toEqual([]);
  });

  it('says of its links how often each was used', async () => {
    const { person, openAs } = stage();
    const [lan, minh, eve] = [
      await person(unique('lan')),
      await person(unique('minh')),
      await person(unique('eve')),
    ] as const;
    const { id } = await lan.client.conversations.create({ type: 'group', name: 'Nhóm', participantIds: [] });
    await lan.client.conversations.createInvite(id);
    const once = await lan.client.conversations.createInvite(id);
    await minh.client.conversations.join(id, once.code);
    const limited = await lan.client.conversations.createInvite(id, { maxUses: 10 });
    await eve.client.conversations.join(id, limited.code);
    const page = await openAs(lan, `/c/${id}`);
    await page.getByRole('button', { name: 'Details' }).click();
    const lines = page.getByRole('listitem').filter({ hasText: '/app/join/' });
    await expect
      .poll(() => lines.allInnerTexts())
      .toEqual(['not used yet', 'used once', '1 of 10 used'].map((words) => expect.stringContaining(words)));
  });
});

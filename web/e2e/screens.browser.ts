import axe from 'axe-core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { DESKTOP, describeInBrowser, type Person, PHONE, type Stage, unique } from './harness.js';

/** Where pictures of all screens go, if they are to be looked at. */
const { SCREENSHOTS } = process.env;

/** A room that looks like somebody lives in it. */
async function furnish({ person }: Stage) {
  const lan = await person(unique('lan'), { firstName: 'Lan', lastName: 'Nguyễn' });
  const minh = await person(unique('minh'), { firstName: 'Minh', lastName: 'Trần' });
  const eve = await person(unique('eve'), { firstName: 'Evelyn Alexandra Maximiliana', lastName: 'von Hohenzollern' });
  const say = (who: Person, id: string, text: string, replyToId?: string) =>
    who.client.messages.post(id, text, replyToId === undefined ? {} : { replyToId });
  const chat = (await lan.client.conversations.direct(minh.profile.id)).id;
  const question = await say(lan, chat, 'Chiều nay mình đi uống cà phê không? ☕');
  await say(minh, chat, 'Đi chứ! Quán cũ ở *Hồ Tây* nhé?', question.id);
  await say(minh, chat, '👍🏽');
  const agreed = await say(lan, chat, 'Được, 4 giờ gặp. Đường đi: https://example.org/ho-tay');
  await lan.client.messages.edit(agreed.id, 'Được, 5 giờ gặp. Đường đi: https://example.org/ho-tay');
  await minh.client.messages.react(agreed.id, '👍');
  await lan.client.messages.react(agreed.id, '🎉');
  const gone = await say(minh, chat, 'gửi nhầm');
  await minh.client.messages.delete(gone.id);
  await minh.client.messages.react(question.id, '❤️');
  await say(minh, chat, `A${'a'.repeat(180)}`);
  await say(minh, chat, '```\nconst answer = 42;\n```\n> 42?\nĐúng vậy.');
  const members = [minh.profile.id, eve.profile.id];
  const name = 'Nhóm dự án với một cái tên rất dài để xem nó có tràn ra ngoài không 🚀';
  const group = (await lan.client.conversations.create({ type: 'group', name, participantIds: members })).id;
  await say(eve, group, `Good morning, @${lan.profile.username}!`);
  const notice = await say(minh, group, 'Họp lúc 9 giờ sáng thứ Hai, *đúng giờ* nhé');
  await lan.client.messages.pin(notice.id);
  const metadata = { question: 'Trưa nay ăn gì?', options: ['Phở', 'Bún chả', 'Cơm tấm'] };
  const poll = await minh.client.messages.post(group, undefined, { messageType: 'poll', metadata });
  await Promise.all([lan.client.messages.vote(poll.id, [0]), eve.client.messages.vote(poll.id, [1])]);
  await minh.client.conversations.create({ type: 'channel', name: 'Tin tức', participantIds: [lan.profile.id] });
  await lan.client.messages.markRead({ conversationId: chat, seq: 4 });
  return { lan, chat, group };
}

/** What no screen may have: violations that keep somebody from using it. */
async function expectAccessible(page: Page): Promise<void> {
  // Added past the Content-Security-Policy of the page, as an extension would.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe };
    const { violations: found } = await checker.run(document, { resultTypes: ['violations'] });
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  expect(violations).toEqual([]);
}

describeInBrowser('every screen', (stage) => {
  let room: Awaited<ReturnType<typeof furnish>>;
  beforeAll(async () => {
    room = await furnish(stage());
  });

  const LOOKS = [
    ['desktop', 'light', DESKTOP],
    ['desktop', 'dark', DESKTOP],
    ['phone', 'light', PHONE],
    ['phone', 'dark', PHONE],
  ] as const;

  /** Looks at what is on the page: it must be usable by everyone and fit. */
  const looker = (size: string, theme: string) => async (page: Page, name: string) => {
    if (SCREENSHOTS !== undefined) {
      await mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${size}-${theme}.png`), animations: 'disabled' });
    }
    await expectAccessible(page);
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isTooWide, `${name} can be scrolled sideways`).toBe(false);
  };

  it.each(LOOKS)('can be used by everyone and fits (%s, %s)', async (size, theme, viewport) => {
    const look = looker(size, theme);
    const options = { viewport, colorScheme: theme };
    const guest = await stage().open('/', options);
    await guest.getByRole('heading', { name: 'Sign in' }).waitFor();
    await look(guest, 'sign-in');
    for (const [path, heading] of [
      ['/register', 'Create an account'],
      ['/forgot', 'Forgotten password'],
      ['/reset', 'Choose a new password'],
    ] as const) {
      await guest.goto(`${stage().server.url}/app${path}`);
      await guest.getByRole('heading', { name: heading }).waitFor();
      await look(guest, path.slice(1));
    }

    const page = await stage().openAs(room.lan, '/', options);
    await page.getByRole('link', { name: /^Minh Trần/ }).waitFor();
    await look(page, 'list');
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.getByRole('button', { name: 'New group' }).click();
    await look(page, 'new-group');
    await page.keyboard.press('Escape');

    const go = (path: string) => page.goto(`${stage().server.url}/app${path}`);
    await go(`/c/${room.chat}`);
    await page.getByText('Chiều nay mình đi').first().waitFor();
    await page.getByRole('status', { name: 'Loading messages' }).waitFor({ state: 'detached' });
    await look(page, 'conversation');
    await go(`/c/${room.group}`);
    await page.getByRole('article').filter({ hasText: 'Good morning' }).waitFor();
    await page.getByText('Pinned message').waitFor();
    await page.getByRole('status', { name: 'Loading messages' }).waitFor({ state: 'detached' });
    await look(page, 'group');
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('dialog').getByText('Invite links').waitFor();
    await page.getByText('Loading…').waitFor({ state: 'detached' });
    await look(page, 'details');
    await page.keyboard.press('Escape');
    for (const section of ['profile', 'privacy', 'sessions', 'appearance', 'keyboard']) {
      await go(`/settings/${section}`);
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await page.getByText('Loading…').waitFor({ state: 'detached' });
      await look(page, section);
    }
    await go('/c/01a20000-0000-7000-8000-000000000000');
    await page.getByText('This conversation is not here').waitFor();
    await look(page, 'gone');
    expect(stage().complaints).toEqual([]);
  });

  it.each(LOOKS)('is as good where something opens above it (%s, %s)', async (size, theme, viewport) => {
    const look = looker(size, theme);
    const page = await stage().openAs(room.lan, `/c/${room.chat}`, { viewport, colorScheme: theme });
    const own = page.getByRole('article').filter({ hasText: '5 giờ gặp' }).last();
    await own.waitFor();
    const act = async (name: string) => {
      await own.click({ button: 'right', position: { x: 5, y: 5 } });
      await page.getByRole('menuitem', { name, exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await page.getByText('Loading…').waitFor({ state: 'detached' });
    };
    const close = async () => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await own.click({ button: 'right', position: { x: 5, y: 5 } });
    await page.getByRole('menu').waitFor();
    await look(page, 'message-menu');
    await page.keyboard.press('Escape');
    for (const [name, title] of [
      ['thread', 'Open the thread'],
      ['status', 'Who has read it'],
      ['reactors', 'Who has reacted'],
      ['versions', 'Earlier versions'],
      ['forward', 'Forward…'],
      ['delete', 'Delete…'],
    ] as const) {
      await act(title);
      await look(page, name);
      await close();
    }
    await page.getByRole('button', { name: 'New poll' }).click();
    await page.getByRole('dialog').waitFor();
    await look(page, 'new-poll');
    await close();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByLabel('Disappearing messages').waitFor();
    await look(page, 'details-direct');
    await close();
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page
      .getByRole('dialog', { name: 'Emoji' })
      .getByRole('button', { name: 'grinning face', exact: true })
      .waitFor();
    await look(page, 'emoji');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await look(page, 'palette');
    await close();
    await page.getByRole('heading', { name: 'Minh Trần' }).click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await look(page, 'shortcuts');
    expect(stage().complaints).toEqual([]);
  });
});

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, PHONE, type Stage, unique } from './harness.js';

const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text }).last();
const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });
/** What is needed without a network has been kept by then. */
async function offline(page: Page, isOffline: boolean): Promise<void> {
  if (isOffline) await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.context().setOffline(isOffline);
}

/** Lan and Minh, who write to each other. */
async function pair({ person }: Stage) {
  const lan = await person(unique('lan'), { firstName: 'Lan' });
  const minh = await person(unique('minh'), { firstName: 'Minh' });
  const { id } = await lan.client.conversations.direct(minh.profile.id);
  return { lan, minh, id };
}

describeInBrowser('after a while without a network', (stage) => {
  it('one is where one was, with what was missed still to be read', async () => {
    const { lan, minh, id } = await pair(stage());
    const texts = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${name} ${index + 1} .`);
    for (const text of texts('Cũ', 150)) await minh.client.messages.post(id, text);
    await lan.client.messages.markRead({ conversationId: id, seq: 150 });
    const page = await stage().openAs(lan, `/c/${id}`);
    await message(page, 'Cũ 150 .').waitFor();
    await page.getByRole('log').hover();
    const isSeen = () => message(page, 'Cũ 90 .').isVisible();
    while (!(await isSeen())) await page.mouse.wheel(0, -200);
    const place = async () => (await message(page, 'Cũ 90 .').boundingBox())?.y;
    await expect.poll(async () => Math.round((await place()) ?? 0) === Math.round((await place()) ?? 1)).toBe(true);
    const before = await place();

    await offline(page, true);
    await page.getByText('Not connected.').waitFor();
    // More than one answer of the server brings.
    for (const text of texts('Mới', 130)) await minh.client.messages.post(id, text);
    await offline(page, false);
    await page.getByRole('button', { name: 'To the latest message, 130 unread' }).waitFor();
    await page.getByText('Not connected.').waitFor({ state: 'detached' });
    expect(await place()).toBeCloseTo(before ?? 0, 0);
    expect((await lan.client.conversations.get(id)).me.unreadCount).toBe(130);

    await page.getByRole('button', { name: /^To the latest message/ }).click();
    await message(page, 'Mới 130 .').waitFor();
    await expect.poll(async () => (await lan.client.conversations.get(id)).me.unreadCount).toBe(0);
  });

  it("one still has a face and a name of one's own", async () => {
    const { lan, id } = await pair(stage());
    const page = await stage().openAs(lan, `/c/${id}`);
    const button = page.getByRole('button', { name: 'Your account' });
    const face = () => button.locator('[data-initials]').evaluate((it) => [it.dataset['initials'], it.className]);
    await expect.poll(async () => (await face())[0]).toBe('L');
    const before = await face();
    await page.reload();
    await field(page).waitFor();
    await offline(page, true);
    await page.getByText('Not connected.').waitFor();
    await page.reload();
    await field(page).waitFor();
    expect(await face()).toEqual(before);
    await button.click();
    await page.getByText(`@${lan.profile.username}`).waitFor();
  });

  it('one learns that one was signed out meanwhile', async () => {
    const { lan, id } = await pair(stage());
    const page = await stage().openAs(lan, `/c/${id}`);
    await field(page).waitFor();
    await page.reload();
    await field(page).waitFor();
    await offline(page, true);
    await page.getByText('Not connected.').waitFor();
    const { items } = await lan.client.auth.sessions();
    for (const { id: sessionId, current } of items) if (!current) await lan.client.auth.endSession(sessionId);
    await page.reload();
    await field(page).waitFor();
    await offline(page, false);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('You were signed out from another device.').isVisible()).toBe(true);
  });

  it('what was sent is no draft any more, though another conversation is open by then', async () => {
    const { lan, minh, id } = await pair(stage());
    const other = await stage().person(unique('nga'), { firstName: 'Nga' });
    await lan.client.conversations.direct(other.profile.id);
    const page = await stage().openAs(lan, `/c/${id}`);
    await field(page).fill('Sắp đến rồi');
    const draft = async () => (await lan.client.conversations.get(id)).me.draft?.content ?? null;
    await expect.poll(draft).toBe('Sắp đến rồi');
    await offline(page, true);
    await page.getByText('Not connected.').waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'Sắp đến rồi').or(page.getByText('Sắp đến rồi').last()).waitFor();
    await page.getByRole('link', { name: 'Nga' }).click();
    await page.getByRole('heading', { name: 'Nga' }).waitFor();
    await offline(page, false);
    await expect.poll(draft).toBe(null);
    const said = async () => (await minh.client.messages.history(id)).items.at(-1)?.content;
    await expect.poll(said).toBe('Sắp đến rồi');
    await expect.poll(() => page.getByRole('link', { name: 'Minh' }).textContent()).not.toContain('Draft');
  });

  it('people and lists that could not be read then have their names', async () => {
    const { lan, minh } = await pair(stage());
    const input = { type: 'group' as const, name: 'Nhóm', participantIds: [minh.profile.id] };
    const { id } = await lan.client.conversations.create(input);
    await minh.client.messages.post(id, 'Ai đó?');
    const page = await stage().openAs(lan, `/c/${id}`);
    await message(page, 'Ai đó?').waitFor();
    await page.reload();
    await message(page, 'Ai đó?').waitFor();
    await offline(page, true);
    await page.getByText('Not connected.').waitFor();
    await page.reload();
    await message(page, 'Ai đó?').waitFor();
    await expect.poll(() => message(page, 'Ai đó?').getByText('Minh').count()).toBe(0);
    await offline(page, false);
    await expect.poll(() => message(page, 'Ai đó?').getByText('Minh').count()).toBe(1);
  });
});

describeInBrowser('what is done', (stage) => {
  it('by a key is done to the message that has the focus, however it came to have it', async () => {
    const { lan, minh, id } = await pair(stage());
    for (const text of ['Một', 'Hai', 'Ba']) await minh.client.messages.post(id, text);
    const page = await stage().openAs(lan);
    const hasFocus = (text: string) => message(page, text).evaluate((row) => row === document.activeElement);
    // The last is known from the list, and those before it come while it has the focus.
    let goOn = () => {};
    const isFocused = new Promise<void>((resolve) => (goOn = resolve));
    await page.route(`**/messages/${id}?*`, (route) => isFocused.then(() => route.continue()));
    await page.getByRole('link', { name: /Minh/ }).click();
    await message(page, 'Ba').waitFor();
    await page.getByRole('log').focus();
    await page.keyboard.press('End');
    await expect.poll(() => hasFocus('Ba')).toBe(true);
    goOn();
    await message(page, 'Một').waitFor();
    expect(await hasFocus('Ba')).toBe(true);
    await message(page, 'Một').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByText('Một').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => hasFocus('Hai')).toBe(true);
  });

  it('in a poll holds as it was pressed last, however fast', async () => {
    const { lan, minh, id } = await pair(stage());
    const metadata = { question: 'Khi nào?', options: ['Thứ Hai', 'Thứ Ba', 'Thứ Tư'], multiple: true };
    const poll = await minh.client.messages.post(id, undefined, { messageType: 'poll', metadata });
    const page = await stage().openAs(lan, `/c/${id}`);
    for (const day of ['Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Ba']) await page.getByLabel(day).click();
    await expect.poll(() => lan.client.messages.ownVote(poll.id)).toEqual([0, 2]);
    await expect.poll(() => page.getByLabel('Thứ Ba').isChecked()).toBe(false);
    // The same poll in its thread is one of its own on the page.
    await message(page, 'Khi nào?').click({ button: 'right', position: { x: 5, y: 5 } });
    await page.getByRole('menuitem', { name: 'Open the thread' }).click();
    await page.getByRole('dialog').getByLabel('Thứ Ba').click();
    await expect.poll(() => lan.client.messages.ownVote(poll.id)).toEqual([0, 1, 2]);
  });

  it('in a poll of one answer is taken back by another press, with the mouse and with the keys', async () => {
    const { lan, minh, id } = await pair(stage());
    const metadata = { question: 'Ở đâu?', options: ['Hồ Tây', 'Hồ Gươm'] };
    const poll = await minh.client.messages.post(id, undefined, { messageType: 'poll', metadata });
    const page = await stage().openAs(lan, `/c/${id}`);
    const vote = () => lan.client.messages.ownVote(poll.id);
    const first = page.getByRole('radio', { name: 'Hồ Tây' });
    await first.click();
    await expect.poll(vote).toEqual([0]);
    await page.getByText('Hồ Tây').click();
    await expect.poll(vote).toEqual([]);
    expect(await first.isChecked()).toBe(false);
    await first.press('Space');
    await expect.poll(vote).toEqual([0]);
    await page.keyboard.press('ArrowDown');
    await expect.poll(vote).toEqual([1]);
    await page.keyboard.press('Space');
    await expect.poll(vote).toEqual([]);
  });

  it('in a dialog can still be done when the window becomes narrow', async () => {
    const { lan, id } = await pair(stage());
    const page = await stage().openAs(lan, `/c/${id}`);
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.getByRole('dialog').waitFor();
    await page.setViewportSize(PHONE);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await field(page).fill('Vẫn viết được');
    expect(await field(page).inputValue()).toBe('Vẫn viết được');
  });

  it('to the list by a finger opens what it lies on, also where a mouse would find a menu', async () => {
    const { lan, minh, id } = await pair(stage());
    await minh.client.messages.post(id, 'Chạm vào đây');
    const page = await stage().openAs(lan, '/', { viewport: PHONE, hasTouch: true, isMobile: true });
    const time = page.getByRole('link', { name: /^Minh/ }).locator('time');
    await time.waitFor();
    const box = await time.boundingBox();
    await page.touchscreen.tap((box?.x ?? 0) + 10, (box?.y ?? 0) + 5);
    await page.waitForURL(`**/c/${id}`);
    await message(page, 'Chạm vào đây').waitFor();
    expect(await page.getByRole('menu').count()).toBe(0);
  });

  it('to mark a conversation unread stays done while it is open', async () => {
    const { lan, minh, id } = await pair(stage());
    await minh.client.messages.post(id, 'Để sau');
    const page = await stage().openAs(lan, `/c/${id}`);
    await message(page, 'Để sau').waitFor();
    const me = async () => (await lan.client.conversations.get(id)).me;
    await expect.poll(async () => (await me()).unreadCount).toBe(0);
    await page.getByRole('link', { name: /^Minh/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Mark as unread' }).click();
    await expect.poll(async () => (await me()).markedUnread).toBe(true);
    await minh.client.messages.react((await minh.client.messages.history(id)).items[0]?.id ?? '', '👍');
    await message(page, 'Để sau').getByRole('button', { name: /👍/ }).waitFor();
    expect((await me()).markedUnread).toBe(true);
  });
});

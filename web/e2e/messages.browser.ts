import { PollMetadata } from '@parley/protocol';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { DESKTOP, describeInBrowser, PHONE, type Stage, unique } from './harness.js';

const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text }).last();

/** Whether a message can be seen where the conversation is scrolled to. */
const isOnScreen = async (page: Page, text: string): Promise<boolean> => {
  const [row, list] = await Promise.all([
    message(page, text).boundingBox({ timeout: 1_000 }),
    page.getByRole('log').boundingBox(),
  ]);
  return row !== null && list !== null && row.y >= list.y && row.y + row.height <= list.y + list.height;
};

/** Lan and Minh, who write to each other. */
async function pair({ person }: Stage) {
  const lan = await person(unique('lan'), { firstName: 'Lan' });
  const minh = await person(unique('minh'), { firstName: 'Minh' });
  const { id } = await lan.client.conversations.direct(minh.profile.id);
  return { lan, minh, id };
}

/** A finger that rests on an element, as an iPhone tells of it: no context menu comes of it there. */
async function rest(page: Page, text: string): Promise<void> {
  const row = message(page, text);
  const at = { pointerType: 'touch', clientX: 100, clientY: 100, bubbles: true };
  await row.dispatchEvent('pointerdown', at);
  await page.getByRole('menu').waitFor();
  await row.dispatchEvent('pointerup', at);
}

describeInBrowser('a message', (stage) => {
  it('says who has reacted to it, and to its author what it said before', async () => {
    const { lan, minh, id } = await pair(stage());
    const sent = await lan.client.messages.post(id, 'Gặp lúc 5 giờ');
    await lan.client.messages.edit(sent.id, 'Gặp lúc 6 giờ');
    await minh.client.messages.react(sent.id, '❤️');
    await lan.client.messages.react(sent.id, '🎉');
    const page = await stage().openAs(lan, `/c/${id}`);
    await message(page, 'Gặp lúc 6 giờ').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Who has reacted' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Minh').waitFor();
    await dialog.getByText('Lan').waitFor();
    await dialog.getByRole('button', { name: '❤️ 1' }).click();
    await dialog.getByText('Lan').waitFor({ state: 'detached' });
    await dialog.getByText('Minh').waitFor();
    await page.keyboard.press('Escape');

    await message(page, 'Gặp lúc 6 giờ').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Earlier versions' }).click();
    await dialog.getByRole('listitem').filter({ hasText: 'Gặp lúc 5 giờ' }).waitFor();
    await dialog.getByRole('listitem').filter({ hasText: 'Gặp lúc 6 giờ' }).getByText('now').waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(2);
    // Who has only read it is not offered them.
    const his = await stage().openAs(minh, `/c/${id}`);
    await message(his, 'Gặp lúc 6 giờ').click({ button: 'right' });
    await his.getByRole('menuitem', { name: 'Who has reacted' }).waitFor();
    expect(await his.getByRole('menuitem', { name: 'Earlier versions' }).count()).toBe(0);
    expect(stage().complaints).toEqual([]);
  });

  it('can be told to disappear, and the conversation shows it', async () => {
    const { lan, minh, id } = await pair(stage());
    const [hers, his] = [await stage().openAs(lan, `/c/${id}`), await stage().openAs(minh, `/c/${id}`)];
    await hers.getByRole('button', { name: 'Details' }).click();
    await hers.getByLabel('Disappearing messages').selectOption('After 1 day');
    await his.getByText('Messages disappear after 1 day', { exact: true }).waitFor({ state: 'attached' });
    await his.getByRole('log').getByText('Lan made messages disappear after 1 day').waitFor();
    await hers.getByLabel('Disappearing messages').selectOption('Off');
    await his.getByText('Messages disappear after 1 day', { exact: true }).waitFor({ state: 'detached' });
    expect(stage().complaints).toEqual([]);
  });

  it('can be a question that is open for a while', async () => {
    const { lan, minh, id } = await pair(stage());
    const page = await stage().openAs(lan, `/c/${id}`);
    await page.getByRole('button', { name: 'New poll' }).click();
    await page.getByLabel('Question').fill('Trưa nay ăn gì?');
    await page.getByLabel('Answer 1').fill('Phở');
    await page.getByLabel('Answer 2').fill('Bún chả');
    await page.getByLabel('Open for').selectOption('1 hour');
    await page.getByRole('button', { name: 'Ask' }).click();
    await message(page, 'Trưa nay ăn gì?').getByText(/Until/).waitFor();
    const { items } = await minh.client.messages.history(id);
    const { closesAt = '' } = PollMetadata.parse(items.at(-1)?.metadata);
    const left = Date.parse(closesAt) - Date.now();
    expect(left).toBeGreaterThan(3_000_000);
    expect(left).toBeLessThan(3_700_000);
  });

  it('that was pinned last is on top, and each press goes to the one shown and on to the one before it', async () => {
    const { lan, minh, id } = await pair(stage());
    for (let number = 1; number <= 40; number += 1) {
      const { id: sent } = await minh.client.messages.post(id, `Tin ${number} .`);
      if (number === 2 || number === 20 || number === 38) await minh.client.messages.pin(sent);
    }
    await lan.client.messages.markRead({ conversationId: id, seq: 40 });
    const page = await stage().openAs(lan, `/c/${id}`);
    await message(page, 'Tin 40 .').waitFor();
    const bar = page.getByRole('button', { name: /^Pinned message/ });
    for (const [index, text] of ['Tin 38 .', 'Tin 20 .', 'Tin 2 .', 'Tin 38 .'].entries()) {
      await expect.poll(() => bar.textContent()).toBe(`Pinned message ${(index % 3) + 1} of 3${text}`);
      await bar.click();
      await expect.poll(() => isOnScreen(page, text)).toBe(true);
    }
    // One that is pinned now is the last.
    await minh.client.messages.pin((await minh.client.messages.post(id, 'Mới ghim')).id);
    await expect.poll(() => bar.textContent()).toBe('Pinned message 1 of 4Mới ghim');
    expect(stage().complaints).toEqual([]);
  });

  it('can be answered in its thread however long that is, and what was begun there is not lost', async () => {
    const { lan, minh, id } = await pair(stage());
    const root = await minh.client.messages.post(id, 'Ai mang gì?');
    const answer = (text: string) => minh.client.messages.post(id, text, { replyToId: root.id });
    for (let number = 1; number <= 30; number += 1) await answer(`Món ${number} .`);
    await lan.client.messages.markRead({ conversationId: id, seq: 31 });
    const page = await stage().openAs(lan, `/c/${id}`);
    const dialog = page.getByRole('dialog', { name: 'Thread' });
    const field = dialog.getByRole('textbox', { name: 'Reply in the thread' });
    const openThread = async () => {
      await message(page, 'Món 30 .').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Open the thread' }).click();
      await field.waitFor();
    };
    const isAtEnd = async (text: string): Promise<boolean> => {
      const said = await dialog.getByText(text, { exact: true }).boundingBox({ timeout: 1_000 });
      const below = await field.boundingBox();
      return said !== null && below !== null && said.y + said.height <= below.y && below.y < DESKTOP.height - 40;
    };
    // The last is known from the list; nothing moves any more once those before it are there.
    await message(page, 'Món 25 .').waitFor();
    await openThread();
    await expect.poll(() => isAtEnd('Món 30 .')).toBe(true);

    // Several lines are sent by Enter, but not by the one of an input method.
    await field.pressSequentially('Bánh mì');
    await page.keyboard.press('Shift+Enter');
    await field.pressSequentially('và trà');
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    expect(await field.inputValue()).toBe('Bánh mì\nvà trà');
    await page.keyboard.press('Enter');
    await expect.poll(() => isAtEnd('Bánh mì\nvà trà')).toBe(true);
    await answer('Món 31 .');
    await expect.poll(() => isAtEnd('Món 31 .')).toBe(true);

    // Who has scrolled up is left where they are.
    await dialog.getByText('Món 20 .').hover();
    await page.mouse.wheel(0, -600);
    await expect.poll(() => isAtEnd('Món 31 .')).toBe(false);
    await answer('Món 32 .');
    await dialog.getByText('Món 32 .').waitFor();
    expect(await isAtEnd('Món 32 .')).toBe(false);
    await field.fill('Và cả');
    await page.keyboard.press('Enter');
    await expect.poll(() => isAtEnd('Và cả')).toBe(true);

    await field.fill('Còn nữa');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await openThread();
    expect(await field.inputValue()).toBe('Còn nữa');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(stage().complaints).toEqual([]);
  });

  it('of one’s own has every row of reactions at its own side', async () => {
    const { lan, minh, id } = await pair(stage());
    const sent = await lan.client.messages.post(id, 'Ai cũng thích');
    const emojis = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🔥', '👏'];
    for (const emoji of emojis) await minh.client.messages.react(sent.id, emoji);
    const page = await stage().openAs(lan, `/c/${id}`, { viewport: PHONE, hasTouch: true, isMobile: true });
    const chips = message(page, 'Ai cũng thích').getByRole('listitem').getByRole('button');
    await expect.poll(() => chips.count()).toBe(emojis.length);
    const boxes = await chips.evaluateAll((all) => all.map((chip) => chip.getBoundingClientRect().toJSON() as DOMRect));
    const tops = [...new Set(boxes.map(({ top }) => top))];
    const ends = tops.map((row) => Math.max(...boxes.filter(({ top }) => top === row).map(({ right }) => right)));
    expect(tops.length).toBeGreaterThan(1);
    expect(new Set(ends.map(Math.round)).size).toBe(1);
  });

  it('opens its menu under a finger that rests on it', async () => {
    const { lan, minh, id } = await pair(stage());
    await minh.client.messages.post(id, 'Dưới ngón tay');
    const page = await stage().openAs(lan, `/c/${id}`, { viewport: PHONE, hasTouch: true, isMobile: true });
    await message(page, 'Dưới ngón tay').waitFor();
    await rest(page, 'Dưới ngón tay');
    await page.getByRole('menuitem', { name: '👍' }).click();
    await message(page, 'Dưới ngón tay')
      .getByRole('button', { name: /👍 You/ })
      .waitFor();
    expect(stage().complaints).toEqual([]);
  });
});

describeInBrowser('a large group', (stage) => {
  it('finds its members by any part of their name, without accents', async () => {
    const { person } = stage();
    const lan = await person(unique('lan'), { firstName: 'Lan' });
    // Who has joined before her, and is called neither "Anh" nor so by a part of their name.
    const khanh = await person(unique('member'), { firstName: 'Khánh' });
    const anh = await person(unique('member'), { firstName: 'Đặng Ánh' });
    const names = ['Bình', 'Chi', 'Dũng', 'Giang', 'Hà', 'Linh', 'Mai'];
    const others = await Promise.all(names.map((firstName) => person(unique('member'), { firstName })));
    const participantIds = [khanh, anh, ...others].map(({ profile }) => profile.id);
    const { id } = await lan.client.conversations.create({ type: 'group', name: 'Lớp 12A', participantIds });
    const page = await stage().openAs(lan, `/c/${id}`);
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    await page.keyboard.type('@');
    await page.getByRole('option', { name: 'Đặng Ánh' }).waitFor();
    await page.keyboard.type('anh');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Write a message' }).inputValue())
      .toBe(`@${anh.profile.username} `);

    await page.getByRole('button', { name: 'Details' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Find a member').fill('dung');
    await dialog.getByText('Bình').waitFor({ state: 'detached' });
    await dialog.getByText('Dũng').waitFor();
    await dialog.getByLabel('Find a member').fill('nobody');
    await dialog.getByText('Nobody here is called that.').waitFor();
    expect(stage().complaints).toEqual([]);
  });
});

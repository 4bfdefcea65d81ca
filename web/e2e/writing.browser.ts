import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, type Stage, unique } from './harness.js';

/** Lan, with her conversation with Minh open, and Minh on another client. */
async function pair({ person, openAs }: Stage) {
  const lan = await person(unique('lan'), { firstName: 'Lan' });
  const minh = await person(unique('minh'), { firstName: 'Minh' });
  const { id } = await lan.client.conversations.direct(minh.profile.id);
  const say = (text: string) => minh.client.messages.post(id, text);
  const draft = async () => (await lan.client.conversations.get(id)).me.draft;
  const first = await say('Đi uống cà phê không?');
  const page = await openAs(lan, `/c/${id}`);
  await message(page, 'cà phê').waitFor();
  return { lan, minh, id, say, draft, first, page };
}

const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });
const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text }).last();
const quote = (page: Page) => page.getByRole('button', { name: 'Never mind' });
async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await page.keyboard.press('Enter');
}
async function act(page: Page, text: string, action: string): Promise<void> {
  await message(page, text).click({ button: 'right' });
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

describeInBrowser('what somebody writes', (stage) => {
  it('says why it was refused, stays where it was written, and can be written anew', async () => {
    const { page } = await pair(stage());
    await write(page, `quá dài ${'x'.repeat(20_000)}`);
    await page.getByRole('alert').getByText('longer than is allowed').waitFor();
    await write(page, 'câu sau');
    await message(page, 'câu sau').waitFor();
    const shown = await page.getByRole('log').innerText();
    expect(shown.indexOf('quá dài')).toBeLessThan(shown.indexOf('câu sau'));

    await field(page).fill('đang viết');
    await page.getByRole('alert').getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await field(page).inputValue()).toMatch(/^quá dài x+\nđang viết$/);
    await write(page, 'vừa đủ');
    await message(page, 'vừa đủ').getByRole('img', { name: 'Sent' }).waitFor();
    expect(stage().complaints).toEqual([]);
  });

  it('is sent without what it answers where that was deleted meanwhile', async () => {
    const { minh, first, page } = await pair(stage());
    await act(page, 'cà phê', 'Reply');
    await field(page).fill('Đi chứ!');
    await minh.client.messages.delete(first.id);
    await message(page, 'This message was deleted').waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'Đi chứ!')
      .getByRole('img', { name: /Sent|Delivered/ })
      .waitFor();
    expect(stage().complaints).toEqual([]);
  });

  it('is kept with what it answers, and without that once one no longer answers it', async () => {
    const { lan, id, draft, first, page } = await pair(stage());
    await lan.client.messages.post(id, 'sửa tôi đi');
    await message(page, 'sửa tôi đi').waitFor();
    await field(page).fill('Đi chứ!');
    await expect.poll(draft).toMatchObject({ content: 'Đi chứ!', replyToId: null });
    await act(page, 'cà phê', 'Reply');
    await expect.poll(draft).toMatchObject({ content: 'Đi chứ!', replyToId: first.id });

    // What is edited in between leaves it as it was.
    await act(page, 'sửa tôi đi', 'Edit');
    await expect.poll(() => field(page).inputValue()).toBe('sửa tôi đi');
    await page.keyboard.press('Escape');
    await expect.poll(() => field(page).inputValue()).toBe('Đi chứ!');
    await quote(page).click();
    await quote(page).waitFor({ state: 'detached' });
    await expect.poll(draft).toMatchObject({ content: 'Đi chứ!', replyToId: null });
    await page.reload();
    await message(page, 'cà phê').waitFor();
    await expect.poll(() => field(page).inputValue()).toBe('Đi chứ!');
    await quote(page).waitFor({ state: 'detached' });
    expect(stage().complaints).toEqual([]);
  });

  it('does not take one from the end when it is given up again', async () => {
    const { say, page } = await pair(stage());
    for (let count = 1; count <= 30; count += 1) await say(`tin ${count}`);
    await message(page, 'tin 30').waitFor();
    await act(page, 'tin 30', 'Reply');
    await quote(page).waitFor();
    await page.keyboard.press('Escape');
    await quote(page).waitFor({ state: 'detached' });
    for (let count = 31; count <= 36; count += 1) await say(`tin ${count}`);
    await message(page, 'tin 36').waitFor();
    const left = () => page.getByRole('log').evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
    await expect.poll(left).toBeLessThan(5);
    expect(await page.getByRole('button', { name: /latest/ }).count()).toBe(0);
    expect(stage().complaints).toEqual([]);
  });
});

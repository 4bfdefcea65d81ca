import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from './harness.js';

const ROWS = 120;
const MANY = 10_000;

const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text }).last();

describeInBrowser('the timeline', (stage) => {
  it('opens at what was not read yet, and reads no more than what is on screen', async () => {
    const { person, openAs, complaints } = stage();
    const an = await person('anh', { firstName: 'Anh' });
    const binh = await person('binh', { firstName: 'Bình' });
    const { id } = await an.client.conversations.direct(binh.profile.id);
    for (let number = 1; number <= ROWS; number += 1) await binh.client.messages.post(id, `Tin ${number} .`);
    const unread = async () => (await an.client.conversations.get(id)).me.unreadCount;

    const page = await openAs(an, `/c/${id}`);
    await message(page, 'Tin 1 .').waitFor();
    await page.getByText('New messages').waitFor();
    await expect.poll(unread).toBeLessThan(ROWS);
    expect(await unread()).toBeGreaterThan(ROWS / 2);

    await page.getByRole('button', { name: /^To the latest message/ }).click();
    await message(page, `Tin ${ROWS} .`).waitFor();
    await expect.poll(unread).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('scrolls through ten thousand messages, both ways, with only those on screen on the page', async () => {
    const { person, openAs, complaints } = stage();
    const em = await person('emma', { firstName: 'Emma' });
    const giang = await person('giang', { firstName: 'Giang' });
    const { id } = await em.client.conversations.direct(giang.profile.id);
    await giang.client.connect();
    const text = (number: number) => `Tin ${number} . ${'dài ra '.repeat(number % 9)}`;
    const numbers = Array.from({ length: MANY }, (_, index) => index + 1);
    await Promise.all(numbers.map((number) => giang.client.messages.send(id, text(number))));
    await em.client.messages.markRead({ conversationId: id, seq: MANY });

    const page = await openAs(em, `/c/${id}`);
    await message(page, `Tin ${MANY} .`).waitFor();
    await page.getByRole('log').hover();
    const wheelTo = async (number: number, step: number) => {
      const isThere = () => message(page, `Tin ${number} .`).count();
      while ((await isThere()) === 0) {
        await page.mouse.wheel(0, step);
        const seqs = await page
          .getByRole('article')
          .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['seq'])));
        // In order and without a hole, however fast it went by.
        expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
        expect(seqs.length).toBeLessThan(150);
      }
    };
    await wheelTo(1, -4_000);
    await page.getByRole('button', { name: /^To the latest message/ }).click();
    await message(page, `Tin ${MANY} .`).waitFor();
    await page.goto(`${stage().server.url}/app/c/${id}?at=1`);
    await message(page, 'Tin 1 .').waitFor();
    await page.getByRole('log').hover();
    await wheelTo(2_000, 4_000);
    expect(complaints).toEqual([]);
  });

  it('stays at the end however fast messages come, and where it is for who scrolls up meanwhile', async () => {
    const { person, openAs, complaints } = stage();
    const ha = await person('hanh', { firstName: 'Hạnh' });
    const kim = await person('kim', { firstName: 'Kim' });
    const { id } = await ha.client.conversations.direct(kim.profile.id);
    await kim.client.connect();
    let sent = 0;
    const send = () => kim.client.messages.send(id, `Tin ${(sent += 1)} .`);
    await send();
    // What is not read yet would be where one is.
    await ha.client.messages.markRead({ conversationId: id, seq: 1 });

    const page = await openAs(ha, `/c/${id}`);
    const toEnd = page.getByRole('button', { name: /^To the latest message/ });
    await message(page, 'Tin 1 .').waitFor();
    // More than are held at once, so that some are let go of meanwhile.
    while (sent < 1_500) {
      await Promise.all(Array.from({ length: 10 }, send));
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    // A page that can draw nothing for a while is told of much at once, and with a hole that is filled afterwards.
    for (const until of [2_100, 2_700, 3_300, 3_900]) {
      const isBusy = page.evaluate(() => {
        const end = performance.now() + 2_500;
        while (performance.now() < end);
      });
      while (sent < until) await Promise.all(Array.from({ length: 10 }, send));
      await isBusy;
    }
    await message(page, `Tin ${sent} .`).waitFor();
    expect(await toEnd.count()).toBe(0);
    await expect.poll(async () => (await ha.client.conversations.get(id)).me.unreadCount).toBe(0);

    const log = page.getByRole('log');
    await log.hover();
    const left = () => log.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
    const wheeling = (async () => {
      while ((await left()) < 2_000) await page.mouse.wheel(0, -300);
    })();
    let isOver = false;
    void wheeling.finally(() => (isOver = true));
    while (!isOver) await send();
    const place = () => page.getByRole('article').first().getAttribute('data-seq');
    const before = await place();
    await Promise.all(Array.from({ length: 50 }, send));
    await expect.poll(() => toEnd.textContent()).toMatch(/\d/);
    expect(await place()).toBe(before);
    expect(complaints).toEqual([]);
  });

  it('can be walked through and answered without a mouse', async () => {
    const { person, openAs } = stage();
    const chi = await person('chi', { firstName: 'Chi' });
    const dung = await person('dung', { firstName: 'Dũng' });
    const { id } = await chi.client.conversations.direct(dung.profile.id);
    for (const text of ['Một', 'Hai', 'Ba']) await dung.client.messages.post(id, text);

    const page = await openAs(chi, `/c/${id}`);
    await message(page, 'Một').waitFor();
    await page.getByRole('log').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => message(page, 'Hai').evaluate((row) => row === document.activeElement)).toBe(true);
    await page.keyboard.press('r');
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
    await page.keyboard.type('Trả lời');
    await page.keyboard.press('Enter');
    await message(page, 'Trả lời')
      .getByRole('button', { name: /Dũng.*Hai/ })
      .waitFor();

    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.getByRole('textbox', { name: 'Write a message' }).inputValue()).toBe('Trả lời');
  });
});

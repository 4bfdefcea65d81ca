import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, PHONE, unique } from './harness.js';

/** How long a page has for its first screen alone, in ms. */
const FIRST = 1_000;

const message = (page: Page) => page.getByRole('article').filter({ hasText: 'Bấm vào đây' });

/** Loads the page again and stops its clock, so that its first second does not end by itself. */
async function reloadInFirstSecond(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + FIRST);
  await page.reload();
  await message(page).waitFor();
}

describeInBrowser('a menu', (stage) => {
  it.each([
    ['emojis', (page: Page) => page.getByRole('button', { name: 'Emoji' }).click(), 'dialog'],
    ['the account', (page: Page) => page.getByRole('button', { name: 'Your account' }).click(), 'menu'],
    ['a message', (page: Page) => message(page).click({ button: 'right' }), 'menu'],
  ] as const)('of %s opens at the first press, be it before there is one', async (_, press, role) => {
    const { person, openAs, complaints } = stage();
    const [lan, minh] = [await person(unique('lan')), await person(unique('minh'))];
    const { id } = await lan.client.conversations.direct(minh.profile.id);
    await minh.client.messages.post(id, 'Bấm vào đây');
    const page = await openAs(lan, `/c/${id}`);
    await message(page).waitFor();

    await reloadInFirstSecond(page);
    await press(page);
    await page.clock.runFor(FIRST);
    // What was waited for shows by timers of its own.
    await page.clock.resume();
    await page.getByRole(role).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole(role).waitFor({ state: 'detached' });
    await press(page);
    await page.getByRole(role).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each([
    { width: 844, height: 390 },
    { width: 640, height: 360 },
  ])('of emojis is whole on a screen of $width by $height', async (viewport) => {
    const { person, openAs, complaints } = stage();
    const [lan, minh] = [await person(unique('lan')), await person(unique('minh'))];
    const { id } = await lan.client.conversations.direct(minh.profile.id);
    const page = await openAs(lan, `/c/${id}`, { viewport, hasTouch: true, isMobile: true });
    await page.getByRole('button', { name: 'Emoji' }).tap();
    const picker = page.getByRole('dialog', { name: 'Emoji' });
    const first = picker.getByRole('button', { name: 'grinning face', exact: true });
    await first.waitFor();
    const [around, face] = [await picker.boundingBox(), await first.boundingBox()];
    expect(around?.y).toBeGreaterThanOrEqual(0);
    expect((face?.y ?? 0) + (face?.height ?? 0)).toBeLessThan((around?.y ?? 0) + (around?.height ?? 0));
    // Reached without moving anything.
    await picker.getByRole('searchbox').fill('cat');
    await picker.getByRole('button', { name: 'cat', exact: true }).tap();
    expect(await page.getByRole('textbox', { name: 'Write a message' }).inputValue()).toBe('🐈');
    expect(complaints).toEqual([]);
  });

  it('of emojis brings up no keys on a phone until somebody wants to search', async () => {
    const { person, openAs, complaints } = stage();
    const [lan, minh] = [await person(unique('lan')), await person(unique('minh'))];
    const { id } = await lan.client.conversations.direct(minh.profile.id);
    const page = await openAs(lan, `/c/${id}`, { viewport: PHONE, hasTouch: true, isMobile: true });
    const smile = page.getByRole('button', { name: 'Emoji' });
    const picker = page.getByRole('dialog', { name: 'Emoji' });
    // With what it shows still to be fetched, and with that there.
    for (const _ of ['at first', 'again']) {
      await smile.tap();
      await picker.getByRole('button', { name: 'grinning face', exact: true }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.matches('input, textarea'))).toBe(false);
      await page.keyboard.press('Escape');
      await picker.waitFor({ state: 'detached' });
    }
    expect(complaints).toEqual([]);
  });
});

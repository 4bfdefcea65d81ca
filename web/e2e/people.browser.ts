import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, unique } from './harness.js';

describeInBrowser('a search for people', (stage) => {
  it('begins nothing with whom the letters before had found, however early Enter is pressed', async () => {
    const { person, openAs, complaints } = stage();
    const lan = await person(unique('lan'));
    const [an, binh] = [await person(unique('an')), await person(unique('binh'))];
    const page = await openAs(lan);
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    const dialog = page.getByRole('dialog');
    const field = dialog.getByLabel('Whom do you want to write to?');
    await field.fill(an.profile.username);
    await dialog.getByText(`@${an.profile.username}`).waitFor();

    const held: Route[] = [];
    await page.route(
      ({ searchParams }) => searchParams.get('q') === binh.profile.username,
      (route) => void held.push(route),
    );
    await field.fill(binh.profile.username);
    await field.press('Enter');
    await expect.poll(() => held.length).toBe(1);
    await field.press('Enter');
    await held[0]?.continue();
    await dialog.getByText(`@${binh.profile.username}`).waitFor();
    await field.press('Enter');
    await page.getByRole('heading', { name: binh.profile.displayName }).waitFor();
    const { items } = await lan.client.conversations.list();
    expect(items.map(({ peer }) => peer?.id)).toEqual([binh.profile.id]);
    expect(complaints).toEqual([]);
  });

  it('opens what is meant, however soon Enter follows the last letter', async () => {
    const { person, openAs, complaints } = stage();
    const lan = await person(unique('lan'));
    const [an, binh] = [await person(unique('an')), await person(unique('binh'))];
    const wanted = await lan.client.conversations.direct(binh.profile.id);
    await lan.client.conversations.direct(an.profile.id);
    const page = await openAs(lan);
    await page.getByRole('link', { name: an.profile.displayName }).waitFor();
    // Quicker than a press of Playwright's can follow another.
    await page.getByRole('searchbox').evaluate(async (field: HTMLInputElement, name) => {
      field.focus();
      document.execCommand('insertText', false, name);
      await Promise.resolve();
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    }, binh.profile.username);
    await page.waitForURL('**/c/*');
    expect(page.url()).toContain(wanted.id);
    expect(complaints).toEqual([]);
  });
});

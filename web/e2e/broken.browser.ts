import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, unique } from './harness.js';

const THROWS = "export const SettingsPage = () => { throw new Error('This page is broken'); };";

describeInBrowser('a page', (stage) => {
  it.each([
    ['cannot be loaded', (route: Route) => route.fulfill({ status: 404 })],
    ['fails', (route: Route) => route.fulfill({ contentType: 'text/javascript', body: THROWS })],
  ])('that %s says so beside the list, and is there once it can be reloaded', async (_, breaks) => {
    const lan = await stage().person(unique('lan'));
    const page = await stage().openAs(lan, '/', { serviceWorkers: 'block' });
    await page.route('**/assets/settings-page-*.js', breaks);
    await page.goto(`${stage().server.url}/app/settings/appearance`);
    await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Conversations' }).isVisible()).toBe(true);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.getByLabel('Theme').waitFor();
  });

  it.each(['/nowhere', '/join/'])('that there is not (%s) is said to be none, with the way home', async (path) => {
    const lan = await stage().person(unique('lan'));
    const page = await stage().openAs(lan);
    await page.goto(`${stage().server.url}/app${path}`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.getByRole('link', { name: 'To the conversations' }).click();
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/app\/?$/);
  });
});

describeInBrowser('what is fetched when it is needed', (stage) => {
  const missing = (page: Page) => page.getByText('This part could not be loaded.', { exact: true });

  it('leaves the rest as it is should it not come, and says so to whoever asks for it', async () => {
    const { person, openAs } = stage();
    const [lan, minh] = [await person(unique('lan')), await person(unique('minh'))];
    const { id } = await lan.client.conversations.direct(minh.profile.id);
    await minh.client.messages.post(id, 'Chào Lan');
    const page = await openAs(lan, '/', { serviceWorkers: 'block' });
    // The network goes away before the menus are fetched, which happens after the first screen.
    await page.route(/assets\/(account-menu|message-actions|details)-/, (route) => route.abort());
    const asked = page.waitForRequest('**/assets/account-menu-*.js');
    await page.goto(`${stage().server.url}/app/c/${id}`);
    await asked;
    await page.getByRole('article').filter({ hasText: 'Chào Lan' }).click({ button: 'right' });
    await missing(page).waitFor();
    for (const name of ['Your account', 'Details']) {
      await missing(page).waitFor({ state: 'detached' });
      await page.getByRole('button', { name }).click();
      await missing(page).waitFor();
    }
    expect(await page.getByRole('heading', { name: 'This page could not be shown' }).count()).toBe(0);
    await page.unrouteAll();
    await page.getByRole('textbox', { name: 'Write a message' }).fill('Chào Minh');
    await page.keyboard.press('Enter');
    await page.getByRole('article').filter({ hasText: 'Chào Minh' }).waitFor();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Reload' }).last().click();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('dialog').waitFor();
  });
});

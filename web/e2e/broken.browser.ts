import type { Route } from 'playwright-core';
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
});

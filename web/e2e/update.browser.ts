import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, unique } from './harness.js';

const FIRST = '/app/service-worker.js';
/** To a browser, a worker of another address is another worker. */
const NEWER = `${FIRST}?newer`;

/** How a page came to be, and which worker answers it. */
const stateOf = (page: Page) =>
  page.evaluate(() => {
    const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const { pathname, search } = new URL(navigator.serviceWorker.controller?.scriptURL ?? 'none:');
    return { visit: visit?.type, worker: pathname + search };
  });

describeInBrowser('the client on a device', (stage) => {
  it('is taken over by a newer one in all tabs at once, when one of them says so', async () => {
    const { person, openAs, complaints } = stage();
    const lan = await person(unique('lan'));
    const page = await openAs(lan);
    // The first worker of all leaves the page as it is.
    const before = { visit: 'navigate', worker: FIRST };
    await expect.poll(() => stateOf(page)).toEqual(before);
    const other = await page.context().newPage();
    await other.goto(page.url());
    const tabs = [page, other];
    for (const tab of tabs) await tab.getByRole('button', { name: 'New conversation' }).waitFor();

    // A page has its first second for itself, and asks for its worker then; asked for later, that would be the newer one.
    for (const tab of tabs) await tab.waitForFunction(() => performance.now() > 2_000);
    await page.evaluate(async (address) => void (await navigator.serviceWorker.register(address)), NEWER);
    for (const tab of tabs) await tab.getByText('A new version of Parley is here.', { exact: true }).waitFor();
    expect(await Promise.all(tabs.map(stateOf))).toEqual([before, before]);

    await other.getByRole('button', { name: 'Reload' }).click();
    const after = { visit: 'reload', worker: NEWER };
    await expect.poll(() => Promise.all(tabs.map(stateOf))).toEqual([after, after]);
    for (const tab of tabs) await tab.getByRole('button', { name: 'New conversation' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

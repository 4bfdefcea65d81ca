import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { describeInBrowser, signIn, unique } from './harness.js';

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}
/** What the page would still send. */
const unsent = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('parley-outbox');
        opening.onerror = () => reject(opening.error ?? new Error('no outbox'));
        opening.onsuccess = () => {
          const reading = opening.result.transaction('messages').objectStore('messages').getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(JSON.stringify(reading.result));
          };
        };
      }),
  );

describeInBrowser('an account', (stage) => {
  it('is opened with what is wrong said at each field, and nothing typed lost', async () => {
    const taken = await stage().person(unique('taken'));
    const page = await stage().open('/register');
    await page.getByLabel('First name').fill('Lan');
    await page.getByLabel('User name').fill('a');
    await page.getByLabel('E-mail').fill('not an address');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create an account' }).click();
    for (const words of [
      'At least 3 characters.',
      'This does not look like an e-mail address.',
      'At least 8 characters.',
    ]) {
      await page.getByText(words, { exact: true }).waitFor();
    }
    await page.getByLabel('User name').fill(taken.profile.username);
    await page.getByLabel('E-mail').fill(`${unique('a')}@example.com`);
    await page.getByLabel('Password').fill('a fine long password');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByText('This user name is taken.').waitFor();
    expect(await page.getByLabel('First name').inputValue()).toBe('Lan');
    await page.getByLabel('User name').fill(unique('lan'));
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByRole('heading', { name: 'No conversations yet' }).first().waitFor();
    expect(stage().complaints).toEqual([]);
  });

  it('stays signed in over a reload, with nothing in reach of a script', async () => {
    const lan = await stage().person(unique('lan'));
    const page = await stage().openAs(lan);
    await page.reload();
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    const reachable = await page.evaluate(() => JSON.stringify({ ...localStorage, cookie: document.cookie }));
    expect(reachable).not.toMatch(/parley_refresh|eyJ/);
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([{ name: 'parley_refresh', httpOnly: true, sameSite: 'Strict', path: '/auth' }]);
  });

  it('that is signed out from elsewhere says so', async () => {
    const lan = await stage().person(unique('lan'));
    const page = await stage().openAs(lan, '/settings/sessions');
    await page.getByText('This device').waitFor();
    const { items } = await lan.client.auth.sessions();
    const browsers = items.filter(({ deviceName }) => deviceName === 'Chrome, Linux');
    for (const { id } of browsers) await lan.client.auth.endSession(id);
    await page.getByText('You were signed out from another device.').waitFor();
    expect(page.url()).toContain('/sign-in');
  });

  it('that is left has its drafts on the server, and nothing on the device', async () => {
    const [lan, minh] = [await stage().person(unique('lan')), await stage().person(unique('minh'))];
    const { id } = await lan.client.conversations.direct(minh.profile.id);
    const page = await stage().openAs(lan, `/c/${id}`);
    await page.getByRole('textbox', { name: 'Write a message' }).fill('viết dở');
    await signOut(page);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('parley.draft');
    expect((await lan.client.conversations.get(id)).me.draft?.content).toBe('viết dở');
    expect(stage().complaints).toEqual([]);
  });

  it('that is left with messages unsent asks first, and then sends none of them later', async () => {
    const [lan, minh] = [await stage().person(unique('lan')), await stage().person(unique('minh'))];
    const { id } = await lan.client.conversations.direct(minh.profile.id);
    const page = await stage().openAs(lan, `/c/${id}`);
    // Events do not get through while everything else does.
    let isCut = false;
    const lines = new Set<{ close: () => Promise<void> }>();
    await page.routeWebSocket(/./, (line) => {
      if (isCut) return void line.close();
      line.connectToServer();
      lines.add(line);
    });
    await page.reload();
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    await expect.poll(() => lines.size).toBe(1);
    isCut = true;
    for (const line of lines) await line.close();
    await page.getByText('Not connected.').waitFor();
    await page.getByRole('textbox', { name: 'Write a message' }).fill('chưa gửi');
    await page.keyboard.press('Enter');
    await expect.poll(() => unsent(page)).toContain('chưa gửi');

    await signOut(page);
    const dialog = page.getByRole('dialog', { name: 'Sign out with messages unsent?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await unsent(page)).toContain('chưa gửi');
    await signOut(page);
    await dialog.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await unsent(page)).toBe('[]');

    isCut = false;
    await signIn(page, lan);
    await page.goto(`${stage().server.url}/app/c/${id}`);
    await page.getByText('Not connected.').waitFor({ state: 'detached' });
    await minh.client.messages.post(id, 'Ê?');
    await page.getByRole('article').filter({ hasText: 'Ê?' }).waitFor();
    expect(await page.getByText('chưa gửi').count()).toBe(0);
    expect((await minh.client.messages.history(id)).items.map(({ content }) => content)).toEqual(['Ê?']);
  });

  it('ends its other sessions at the press of a button', async () => {
    const lan = await stage().person(unique('lan'));
    const [page, other] = [await stage().openAs(lan, '/settings/sessions'), await stage().openAs(lan)];
    await page.reload();
    await page.getByRole('button', { name: 'Sign out all 2 other devices' }).click();
    await other.getByText('You were signed out from another device.').waitFor();
    await expect.poll(() => page.getByRole('listitem').count()).toBe(1);
  });

  it('gets a new password by the link in an e-mail', async () => {
    const lan = await stage().person(unique('lan'));
    const page = await stage().open('/forgot');
    await page.getByLabel('E-mail').fill(lan.profile.username);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('This does not look like an e-mail address.').waitFor();
    await page.getByLabel('E-mail').fill(lan.profile.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('a link is on its way').waitFor();
    const outbox = join(stage().server.dataDir, 'outbox');
    const mail = async () => {
      const files = await readdir(outbox).catch(() => []);
      const texts = await Promise.all(files.map((file) => readFile(join(outbox, file), 'utf8')));
      const text = texts.find((letter) => letter.includes(lan.profile.email)) ?? '';
      return /\/app\/reset#token=[\w-]+/.exec(text.replace(/=\r?\n/g, '').replaceAll('=3D', '='))?.[0];
    };
    await expect.poll(mail).toBeDefined();
    await page.goto(stage().server.url + (await mail()));
    await page.reload();
    await page.getByLabel('New password').fill('another fine password');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(page, { ...lan, password: 'another fine password' });
  });

  it('keeps its name where the new one could not be seen', async () => {
    const lan = await stage().person(unique('lan'), { firstName: 'Lan' });
    const page = await stage().openAs(lan, '/settings/profile');
    for (const blank of ['   ', '\u3164\u200b']) {
      await page.getByLabel('First name').fill(blank);
      await page.getByRole('button', { name: 'Save' }).first().click();
      await page.getByText('This needs something that can be seen.').waitFor();
      await page.getByLabel('First name').fill('Phương Lan');
      await page.getByText('This needs something that can be seen.').waitFor({ state: 'detached' });
    }
    expect((await lan.client.users.profile()).firstName).toBe('Lan');
  });

  it('shows what its owner has changed, in their language and light', async () => {
    const lan = await stage().person(unique('lan'), { firstName: 'Lan' });
    const page = await stage().openAs(lan, '/settings/profile');
    await page.getByLabel('First name').fill('Phương Lan');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await page.getByText('Your profile is saved.', { exact: true }).waitFor();
    expect((await lan.client.users.profile()).firstName).toBe('Phương Lan');
    await page.getByRole('link', { name: 'Privacy' }).click();
    await page.getByLabel('Read receipts').click();
    await expect.poll(async () => (await lan.client.users.profile()).privacy.readReceipts).toBe(false);
    await page.getByRole('link', { name: 'Appearance' }).click();
    await page.getByLabel('Theme').selectOption('dark');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.getByLabel('Language').selectOption('vi');
    await page.getByRole('heading', { name: 'Cài đặt' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Cài đặt' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('vi');
  });
});

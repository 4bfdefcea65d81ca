import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, unique } from './harness.js';

const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text }).last();
/** The name of what has the focus, as a screen reader says it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return (
      activeElement?.getAttribute('aria-label') ?? (activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent
    );
  });
/** Goes on from one thing to the next until this one has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  await expect
    .poll(
      async () => {
        if ((await focused(page)) === name) return name;
        await page.keyboard.press('Tab');
        return focused(page);
      },
      { timeout: 20_000, interval: 20 },
    )
    .toBe(name);
}

describeInBrowser('the keyboard alone', (stage) => {
  it('is enough from signing in to signing out', async () => {
    const { person, open, complaints } = stage();
    const lan = await person(unique('lan'), { firstName: 'Lan' });
    const minh = await person(unique('minh'), { firstName: 'Đặng', lastName: 'Minh' });
    const { id } = await minh.client.conversations.direct(lan.profile.id);
    await minh.client.messages.post(id, 'Chào Lan');

    const page = await open('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await tabTo(page, 'User name or e-mail');
    await page.keyboard.type(lan.profile.username);
    await tabTo(page, 'Password');
    await page.keyboard.type(lan.password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Đặng Minh' }).waitFor();

    // To a conversation, and to write there.
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('dang minh');
    await page.getByRole('option', { name: 'Đặng Minh' }).waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'Chào Lan').waitFor();
    await expect.poll(() => focused(page)).toBe('Write a message');
    await page.keyboard.type('Chào Minh nhé');
    await page.keyboard.press('Enter');
    await message(page, 'Chào Minh nhé').waitFor();

    // To change what was said.
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.getByRole('textbox', { name: 'Write a message' }).inputValue()).toBe('Chào Minh nhé');
    await page.keyboard.press('End');
    await page.keyboard.type('!');
    await page.keyboard.press('Enter');
    await message(page, 'Chào Minh nhé!').getByText('edited').waitFor();

    // To react, by the buttons of a message that was walked to.
    await page.keyboard.press('Shift+Tab');
    await page.getByRole('log').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => message(page, 'Chào Lan').evaluate((row) => row === document.activeElement)).toBe(true);
    await tabTo(page, 'React');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Emoji' }).waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'Chào Lan')
      .getByRole('button', { name: /👍 You/ })
      .waitFor();

    // To delete.
    await page.getByRole('log').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete the message' });
    await dialog.waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('Tab');
        return page.evaluate(() => document.activeElement?.textContent);
      })
      .toBe('For everyone');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('This message was deleted').first().waitFor();

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('sign out');
    await page.getByRole('option', { name: 'Sign out' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each([
    ['as most browsers tell of it', { isComposing: true }],
    ['as Safari tells of it', { keyCode: 229 }],
  ])('sends nothing by an Enter that ends a word of an input method, %s', async (_, state) => {
    const { person, openAs } = stage();
    const [lan, minh] = [await person(unique('lan')), await person(unique('minh'))];
    const { id } = await lan.client.conversations.direct(minh.profile.id);
    const page = await openAs(lan, `/c/${id}`);
    const field = page.getByRole('textbox', { name: 'Write a message' });
    await field.pressSequentially('今日');
    await field.dispatchEvent('keydown', { key: 'Enter', ...state });
    await field.pressSequentially('は');
    await field.press('Enter');
    const said = async () => (await minh.client.messages.history(id)).items.map(({ content }) => content);
    await expect.poll(said).toEqual(['今日は']);
  });

  it('leaves the arrow keys to an input method that is choosing a word, in the palette too', async () => {
    const { person, openAs } = stage();
    const page = await openAs(await person(unique('lan')));
    await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox');
    const chosen = () => field.getAttribute('aria-activedescendant');
    const first = await chosen();
    await field.dispatchEvent('keydown', { key: 'ArrowDown', isComposing: true });
    expect(await chosen()).toBe(first);
    await field.press('ArrowDown');
    await expect.poll(chosen).not.toBe(first);
  });
});

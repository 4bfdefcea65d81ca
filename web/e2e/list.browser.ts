import { expect, it } from 'vitest';
import { describeInBrowser, type Stage } from './harness.js';

let count = 0;
const unique = () => `${Date.now().toString(36)}${(count += 1)}`;

/** Lan, who has written with Minh and shares a group with him. */
async function acquainted({ person }: Stage) {
  const lan = await person(`lan${unique()}`, { firstName: 'Lan' });
  const minh = await person(`minh${unique()}`, { firstName: 'Đặng', lastName: 'Minh' });
  const direct = await lan.client.conversations.direct(minh.profile.id);
  const group = await minh.client.conversations.create({
    type: 'group',
    name: 'Picnic',
    participantIds: [lan.profile.id],
  });
  return { lan, minh, direct, group };
}

describeInBrowser('the list', (stage) => {
  it('leads somebody new to their first conversation', async () => {
    const { minh } = await acquainted(stage());
    const newcomer = await stage().person(`mai${unique()}`, { firstName: 'Mai' });
    const page = await stage().openAs(newcomer);
    await page.getByRole('button', { name: 'Find somebody' }).click();
    await page.getByLabel('Whom do you want to write to?').fill(minh.profile.username);
    await page.getByRole('dialog').getByText(`@${minh.profile.username}`).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('is reached by the palette, without accents', async () => {
    const { lan, direct } = await acquainted(stage());
    const page = await stage().openAs(lan);
    await page.getByRole('link', { name: 'Đặng Minh' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('dang mi');
    await page.getByRole('option', { name: 'Đặng Minh' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/c/${direct.id}`);
    expect(await page.getByRole('combobox').count()).toBe(0);
  });

  it('is walked with the arrow keys from its search', async () => {
    const { lan, group } = await acquainted(stage());
    const page = await stage().openAs(lan);
    await page.getByRole('link', { name: 'Picnic' }).waitFor();
    await page.getByRole('searchbox').fill('picn');
    await expect.poll(() => page.getByRole('link', { name: 'Đặng Minh' }).count()).toBe(0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/c/${group.id}`);
  });

  it('shows the shortcuts at a question mark, but not while somebody writes', async () => {
    const { lan, direct } = await acquainted(stage());
    const page = await stage().openAs(lan, `/c/${direct.id}`);
    const field = page.getByRole('textbox', { name: 'Write a message' });
    await field.fill('Really');
    await field.press('?');
    expect(await field.inputValue()).toBe('Really?');
    await page.getByRole('button', { name: 'New conversation' }).focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  });

  it('counts in the title what waits to be read', async () => {
    const { lan, minh, group } = await acquainted(stage());
    const page = await stage().openAs(lan);
    await page.getByRole('link', { name: 'Picnic' }).waitFor();
    await minh.client.connect();
    await minh.client.messages.send(group.id, 'Who brings the bread?');
    await expect.poll(() => page.title()).toBe('(1) Parley');
  });

  it('shows nothing of what was deleted for oneself alone, but what was said before it', async () => {
    const { lan, minh, direct } = await acquainted(stage());
    await minh.client.messages.post(direct.id, 'Chào Lan');
    await lan.client.messages.post(direct.id, 'Nhầm rồi');
    const page = await stage().openAs(lan, `/c/${direct.id}`);
    const row = page.getByRole('link', { name: 'Đặng Minh' });
    await row.getByText('Nhầm rồi').waitFor();
    await page.getByRole('article').filter({ hasText: 'Nhầm rồi' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Only for me' }).click();
    await row.getByText('Chào Lan').waitFor();
    expect(await row.textContent()).not.toContain('deleted');
    expect(await row.getByRole('img', { name: /^(Sent|Delivered|Read)$/ }).count()).toBe(0);
  });

  it('shows who has written and what in a direction of their own each', async () => {
    const lan = await stage().person(`lan${unique()}`, { firstName: 'Lan' });
    const moshe = await stage().person(`moshe${unique()}`, { firstName: 'משה', lastName: 'לוי' });
    const participantIds = [lan.profile.id];
    const { id } = await moshe.client.conversations.create({ type: 'group', name: 'Picnic', participantIds });
    await moshe.client.messages.post(id, '123 abc?');
    const page = await stage().openAs(lan);
    const row = page.getByRole('link', { name: 'Picnic' });
    const placed = async (text: string) => (await row.getByText(text, { exact: true }).boundingBox())?.x ?? 0;
    expect(await placed('משה לוי')).toBeLessThan(await placed('123 abc?'));
    // Cut where they end, whichever way they are read.
    expect(await row.getByText('123 abc?').evaluate((text) => getComputedStyle(text).direction)).toBe('ltr');
    await moshe.client.messages.post(id, 'שלום לכולם');
    await expect
      .poll(() => row.getByText('שלום לכולם').evaluate((text) => getComputedStyle(text).direction))
      .toBe('rtl');
  });

  it('comes back once the last conversation is taken out of the archive', async () => {
    const { lan, group } = await acquainted(stage());
    await lan.client.conversations.setPreferences(group.id, { archived: true });
    const page = await stage().openAs(lan);
    await page.getByRole('button', { name: 'Archived (1)' }).click();
    await page.getByRole('heading', { name: 'Archived' }).waitFor();
    await page.getByRole('link', { name: 'Picnic' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Back to the list' }).click();
    await page.getByRole('heading', { name: 'Archived' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Đặng Minh' }).waitFor();
    await page.getByRole('link', { name: 'Picnic' }).waitFor();
    // Nor does putting one away lead there again.
    await lan.client.conversations.setPreferences(group.id, { archived: true });
    await page.getByRole('button', { name: 'Archived (1)' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Archived' }).count()).toBe(0);
  });

  it('says of nobody that they are typing once they are removed', async () => {
    const { lan, minh, group } = await acquainted(stage());
    const hoa = await stage().person(`hoa${unique()}`, { firstName: 'Hoa' });
    await minh.client.conversations.add(group.id, [hoa.profile.id]);
    const page = await stage().openAs(lan, `/c/${group.id}`);
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    await page.clock.install();
    await hoa.client.connect();
    hoa.client.typing.start(group.id);
    await page.getByText('Hoa is typing…').waitFor();
    // Time stands still meanwhile, so that nothing is forgotten by itself.
    await page.clock.pauseAt(Date.now() + 1_000);
    await minh.client.conversations.remove(group.id, hoa.profile.id);
    await expect.poll(() => page.getByText('Hoa is typing…').count()).toBe(0);
  });

  it('asks before a group is left', async () => {
    const { lan } = await acquainted(stage());
    const page = await stage().openAs(lan);
    const row = page.getByRole('link', { name: 'Picnic' });
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Leave' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await row.count()).toBe(1);
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Leave' }).click();
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await row.waitFor({ state: 'detached' });
    expect(stage().complaints).toEqual([]);
  });
});

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, type Person, type Stage, unique } from './harness.js';

/** Lan and Minh, each in a browser, with the conversation of the two open. */
async function pair({ person, openAs }: Stage) {
  const [lan, minh] = [
    await person(unique('lan'), { firstName: 'Lan' }),
    await person(unique('minh'), { firstName: 'Minh' }),
  ];
  const { id } = await lan.client.conversations.direct(minh.profile.id);
  const [hers, his] = await Promise.all([openAs(lan, `/c/${id}`), openAs(minh, `/c/${id}`)]);
  await Promise.all([hers, his].map((page) => field(page).waitFor()));
  return { lan, minh, hers, his, id };
}

const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });
async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await page.keyboard.press('Enter');
}
const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text }).first();
/** Opens the menu of a message and picks from it. */
async function act(page: Page, text: string, action: string): Promise<void> {
  await message(page, text).hover();
  await message(page, text).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: action }).click();
}
const bringTo = async (page: Page) => {
  await page.bringToFront();
  await page.evaluate(() => dispatchEvent(new Event('focus')));
};

/** Whether a message is on the device by now: what is shown is kept within seconds, not at once. */
const isKept = (page: Page, text: string): Promise<boolean> =>
  page.evaluate(
    (wanted) =>
      new Promise<boolean>((resolve, reject) => {
        const opening = indexedDB.open('parley-cache');
        opening.onerror = () => reject(opening.error ?? new Error('no cache'));
        opening.onsuccess = () => {
          const reading = opening.result.transaction('conversations').objectStore('conversations').getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(JSON.stringify(reading.result).includes(wanted));
          };
        };
      }),
    text,
  );

describeInBrowser('two people', (stage) => {
  it('write to each other, and see what has become of it', async () => {
    const { hers, his } = await pair(stage());
    await write(hers, 'Chào Minh, khỏe không?');
    await message(his, 'Chào Minh').waitFor();
    await bringTo(his);
    await message(hers, 'Chào Minh').getByRole('img', { name: 'Read' }).waitFor();

    await field(his).pressSequentially('Kho');
    await hers.getByText('typing…').first().waitFor();
    await write(his, 'Khỏe, cảm ơn *Lan*!');
    await message(hers, 'Khỏe, cảm ơn Lan!').locator('strong').waitFor();
    await expect.poll(() => hers.locator('header').getByText('typing…').count()).toBe(0);
    expect(stage().complaints).toEqual([]);
  });

  it('answer, react, edit, pin and delete', async () => {
    const { hers, his } = await pair(stage());
    await write(hers, 'Mai gặp lúc 9 giờ');
    await message(his, 'Mai gặp').hover();
    await message(his, 'Mai gặp').getByRole('button', { name: 'React' }).click();
    await his.getByRole('dialog').getByRole('button', { name: '🎉' }).click();
    await message(hers, 'Mai gặp')
      .getByRole('button', { name: /^🎉 Minh/ })
      .waitFor();

    await message(his, 'Mai gặp').getByRole('button', { name: 'Reply' }).click();
    await write(his, 'Được');
    await message(hers, 'Được')
      .getByRole('button', { name: /Lan.*Mai gặp/ })
      .waitFor();

    await act(hers, 'Mai gặp', 'Edit');
    await expect.poll(() => field(hers).inputValue()).toBe('Mai gặp lúc 9 giờ');
    await write(hers, 'Mai gặp lúc 10 giờ');
    await message(his, '10 giờ').getByText('edited').waitFor();
    // The answer quotes what it says now.
    await message(his, 'Được').getByText('10 giờ').waitFor();

    await act(hers, 'Được', 'Pin');
    await his.getByText('Pinned message').waitFor();

    await act(hers, 'Mai gặp lúc 10', 'Delete…');
    await hers.getByRole('button', { name: 'For everyone' }).click();
    await his.getByText('This message was deleted').first().waitFor();
    await expect.poll(() => his.getByText('10 giờ').count()).toBe(0);
    expect(stage().complaints).toEqual([]);
  });

  it('pick an emoji by its name in any language', async () => {
    const { hers, his } = await pair(stage());
    await hers.getByRole('button', { name: 'Emoji' }).click();
    await hers.getByRole('dialog').getByRole('searchbox').fill('mat cuoi');
    await hers
      .getByRole('dialog')
      .getByRole('button', { name: /grinning/i })
      .first()
      .click();
    await hers.keyboard.press('Enter');
    await expect.poll(() => his.getByRole('article').last().textContent()).toMatch(/\p{Extended_Pictographic}/u);
    expect(stage().complaints).toEqual([]);
  });

  it('go on where they were without a network, and send what they wrote meanwhile', async () => {
    const { hers, his } = await pair(stage());
    await write(hers, 'trước khi mất mạng');
    await message(his, 'trước khi mất mạng').waitFor();
    await hers.context().setOffline(true);
    await hers.getByText('Not connected.').waitFor();
    await write(hers, 'viết khi không có mạng');
    await message(hers, 'viết khi không có mạng').or(hers.getByText('viết khi không có mạng')).first().waitFor();
    await write(his, 'Lan đâu rồi?');
    await hers.context().setOffline(false);
    await message(his, 'viết khi không có mạng').waitFor();
    await message(hers, 'Lan đâu rồi?').waitFor();
    await expect.poll(() => hers.getByText('Not connected.').count()).toBe(0);
    expect(await his.getByText('viết khi không có mạng').count()).toBe(2);
  });

  it('find everything they have seen when the page opens without a network', async () => {
    const { hers, his } = await pair(stage());
    await write(his, 'để dành khi không có mạng');
    await message(hers, 'để dành').waitFor();
    // The client itself and what it shows are on the device by now.
    await hers.evaluate(async () => void (await navigator.serviceWorker.ready));
    await hers.reload();
    await message(hers, 'để dành').waitFor();
    await expect.poll(() => isKept(hers, 'để dành')).toBe(true);
    await hers.context().setOffline(true);
    await hers.reload();
    await message(hers, 'để dành').waitFor();
    await hers.getByText('Not connected.').waitFor();
    await write(hers, 'gửi khi có mạng lại');
    await hers.context().setOffline(false);
    await message(his, 'gửi khi có mạng lại').waitFor();
    await expect.poll(() => hers.getByText('Not connected.').count()).toBe(0);
  });

  it('lose nothing when the page is loaded again in the middle of sending, and send it once', async () => {
    const { lan, hers, his, id } = await pair(stage());
    await hers.context().setOffline(true);
    await write(hers, 'sống sót qua lần tải lại');
    await hers.getByRole('img', { name: 'Sending' }).waitFor();
    await hers.context().setOffline(false);
    await hers.reload();
    await message(his, 'sống sót').waitFor();
    await message(hers, 'sống sót').waitFor();
    const { items } = await lan.client.messages.history(id);
    expect(items.filter(({ content }) => content?.includes('sống sót'))).toHaveLength(1);
  });

  it('see the same in two tabs, and are signed out in both at once', async () => {
    const { hers, his } = await pair(stage());
    const second = await hers.context().newPage();
    await second.goto(hers.url());
    await write(second, 'từ thẻ thứ hai');
    await message(hers, 'từ thẻ thứ hai').waitFor();
    await message(his, 'từ thẻ thứ hai').waitFor();
    await hers.getByRole('button', { name: 'Your account' }).click();
    await hers.getByRole('menuitem', { name: 'Sign out' }).click();
    for (const page of [hers, second]) await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    // Nor is anybody signed in who opens another.
    const third = await hers.context().newPage();
    await third.goto(`${stage().server.url}/app/`);
    await third.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(third.url()).toContain('/sign-in');
  });

  it('find what they had begun to write, also on another device', async () => {
    const { lan, hers, id } = await pair(stage());
    await field(hers).fill('viết dở');
    await expect.poll(async () => (await lan.client.conversations.get(id)).me.draft?.content).toBe('viết dở');
    const other = await stage().openAs(lan, `/c/${id}`);
    await expect.poll(() => field(other).inputValue()).toBe('viết dở');
  });
});

const STRINGS = [
  '<img src=x onerror="window.injected=1">',
  '"><script>window.injected=1</script>',
  'javascript:window.injected=1',
  '[x](javascript:window.injected=1)',
  '{{constructor.constructor("window.injected=1")()}}',
];

describeInBrowser('what people call themselves and write', (stage) => {
  it('is text, whatever it looks like', async () => {
    const { person, openAs } = stage();
    const evil: Person = await person(unique('evil'), { firstName: STRINGS[0] ?? '', lastName: '\u202Egnp.exe' });
    const reader = await person(unique('reader'), { firstName: 'Reader' });
    const group = await evil.client.conversations.create({
      type: 'group',
      name: STRINGS[1] ?? '',
      description: STRINGS.join(' '),
      participantIds: [reader.profile.id],
    });
    for (const text of STRINGS) await evil.client.messages.post(group.id, text);
    const options = STRINGS.slice(0, 3).map((text) => text.slice(0, 90));
    const metadata = { question: STRINGS[0] ?? '', options };
    await evil.client.messages.post(group.id, undefined, { messageType: 'poll', metadata });
    const page = await openAs(reader, `/c/${group.id}`);
    for (const text of STRINGS.slice(0, 3)) await message(page, text).first().waitFor();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('dialog').getByText('gnp.exe').waitFor();
    expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false);
    expect(await page.locator('article a[href^="javascript"]').count()).toBe(0);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    // What turns the direction of text is not shown at all.
    expect(await page.getByRole('dialog').textContent()).not.toContain('\u202E');
    expect(stage().complaints).toEqual([]);
  });
});

import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../e2e/harness/index.js';
import { describeInBrowser, unique } from './harness.js';

describeInBrowser('while the server is away', (stage) => {
  it('an invite is not called invalid, and shows when the server is back', async () => {
    const { person, openAs, server } = stage();
    const { url, port, dataDir } = server;
    const [lan, minh] = [await person(unique('lan')), await person(unique('minh'))];
    const { id } = await lan.client.conversations.create({ type: 'group', name: 'Câu lạc bộ', participantIds: [] });
    const { code } = await lan.client.conversations.createInvite(id);
    const page = await openAs(minh);
    await page.getByRole('heading', { name: 'No conversations yet' }).first().waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);

    await server.stop();
    await page.getByText('Not connected.').waitFor();
    await page.goto(`${url}/app/join/${code}`);
    await page.getByRole('heading', { name: 'The server cannot be reached.' }).waitFor();
    const again = await startServer({ port, dataDir, env: { LIMITS: 'off', LOG_LEVEL: 'warn' } });
    onTestFinished(() => again.stop());
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('heading', { name: 'Câu lạc bộ' }).waitFor();
    expect(await page.getByRole('button', { name: 'Join' }).isEnabled()).toBe(true);
  });
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerEnvelope } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetTokenIn, startTestApp, type TestApp } from '../testing/test-app.js';

interface Received {
  readonly from: string;
  readonly to: string[];
  readonly text: string;
}

const addressesOf = ({ mailFrom, rcptTo }: SMTPServerEnvelope) => ({
  from: mailFrom ? mailFrom.address : '',
  to: rcptTo.map(({ address }) => address),
});

const received: Received[] = [];
let failuresLeft = 0;
let attempts = 0;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo(_address, _session, callback) {
    attempts += 1;
    failuresLeft -= 1;
    if (failuresLeft < 0) callback();
    else callback(Object.assign(new Error('come back later'), { responseCode: 451 }));
  },
  onData(stream, session, callback) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      // Before the callback: afterwards the session is ready for the next mail and its envelope is empty.
      received.push({ ...addressesOf(session.envelope), text: Buffer.concat(chunks).toString() });
      callback();
    });
  },
});

let app: TestApp;
beforeAll(async () => {
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  const { port } = smtp.server.address() as AddressInfo;
  app = await startTestApp({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Parley <hello@chat.example.com>' });
});
afterAll(async () => {
  await app.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

const mailsTo = (address: string) => received.filter(({ to }) => to.includes(address));
const mailTo = async (address: string): Promise<Received> => {
  await app.until(async () => mailsTo(address).length > 0);
  const [mail] = mailsTo(address);
  if (!mail) throw new Error('There is no mail');
  return mail;
};

describe('mail', () => {
  it('goes to the SMTP server that is configured, and not into the outbox', async () => {
    const alice = await app.person('alice');
    await app.call('POST', '/auth/forgot', { email: alice.user.email });
    const { from, to, text } = await mailTo(alice.user.email);
    expect({ from, to }).toEqual({ from: 'hello@chat.example.com', to: [alice.user.email] });
    expect(text).toContain('Subject: Reset your Parley password');
    const input = { token: resetTokenIn(text), password: 'another fine password' };
    expect((await app.call('POST', '/auth/reset', input)).status).toBe(204);
    expect(await app.mails()).toEqual([]);
  });

  it('is tried again while the SMTP server refuses it, and arrives once', async () => {
    const bob = await app.person('bob');
    attempts = 0;
    failuresLeft = 2;
    expect((await app.call('POST', '/auth/forgot', { email: bob.user.email })).status).toBe(202);
    await mailTo(bob.user.email);
    expect(attempts).toBe(3);
    expect(mailsTo(bob.user.email)).toHaveLength(1);
  });

  it('goes to one address though it looks like two', async () => {
    const email = 'one,two@example.com';
    const account = { username: 'comma', email, password: 'a fine long password', firstName: 'C', lastName: '' };
    await app.call('POST', '/auth/register', account);
    const before = received.length;
    await app.call('POST', '/auth/forgot', { email });
    await app.until(async () => received.length > before);
    expect(received.at(-1)?.to.map((address) => address.replaceAll('"', ''))).toEqual([email]);
  });
});

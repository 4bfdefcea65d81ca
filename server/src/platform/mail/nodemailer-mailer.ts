import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type Transporter } from 'nodemailer';
import { type Mail, Mailer } from './mailer.js';

interface Envelope {
  readonly from: string;
  /** Domain of the Message-ID. */
  readonly host: string;
}

const compose = (id: string, mail: Mail, { from, host }: Envelope) => ({
  subject: mail.subject,
  text: mail.text,
  // Not as text to be parsed: `one,two@example.org` is a legal address and not two.
  to: { name: '', address: mail.to },
  from,
  messageId: `<${id}@${host}>`,
  headers: { 'Auto-Submitted': 'auto-generated' },
});

/** Sends over SMTP. */
export class SmtpMailer extends Mailer {
  readonly #transport: Transporter;

  constructor(
    url: string,
    private readonly envelope: Envelope,
  ) {
    super();
    this.#transport = createTransport({ url, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 });
  }

  override async send(id: string, mail: Mail): Promise<void> {
    await this.#transport.sendMail(compose(id, mail, this.envelope));
  }
}

/** Writes each mail as an `.eml` file into a folder, for a server that has no mail service yet. */
export class FolderMailer extends Mailer {
  readonly #transport = createTransport({ streamTransport: true, buffer: true });

  constructor(
    private readonly folder: string,
    private readonly envelope: Envelope,
  ) {
    super();
  }

  override async send(id: string, mail: Mail): Promise<void> {
    const { message } = await this.#transport.sendMail(compose(id, mail, this.envelope));
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // Written aside and renamed, so that whoever watches the folder never reads half a mail.
    const file = join(this.folder, `${id}.eml`);
    await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }
}

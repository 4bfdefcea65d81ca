/** One e-mail in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Where mail leaves the server: a folder by default, SMTP by configuration. */
export abstract class Mailer {
  /** Hands one mail over; `id` is the same over retries and becomes the Message-ID. */
  abstract send(id: string, mail: Mail): Promise<void>;
}

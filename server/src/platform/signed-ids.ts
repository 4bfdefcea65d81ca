import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;
/** Half of the HMAC: 128 bits that nobody can guess. */
const SIGNATURE_BYTES = 16;

/**
 * Ids that only this installation can have given out, as one URL-safe word of 43 characters: the id, and a signature
 * made with a key that is derived from the installation's secret for one purpose. Nothing of it has to be stored.
 */
export class SignedIds {
  readonly #key: Buffer;

  constructor(secret: string, purpose: string) {
    if (secret === '') throw new Error('Without a secret anybody could sign');
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', `parley ${purpose}`, 32));
  }

  sign(id: string): string {
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    const signature = createHmac('sha256', this.#key).update(bytes).digest().subarray(0, SIGNATURE_BYTES);
    return Buffer.concat([bytes, signature]).toString('base64url');
  }

  /** The id that was signed, or null when this is not exactly what `sign` made of one. */
  read(code: string): string | null {
    const bytes = Buffer.from(code, 'base64url');
    if (bytes.length !== ID_BYTES + SIGNATURE_BYTES) return null;
    const id = bytes.toString('hex', 0, ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const [given, signed] = [Buffer.from(code), Buffer.from(this.sign(id))];
    return given.length === signed.length && timingSafeEqual(given, signed) ? id : null;
  }
}

import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import type { Secret } from '../policy/secrets.js';

/** Keeps secrets out of what people read: `[secret NAME]` stands for each. */
export interface Redactor {
  text(text: string): string;
  /** Whether a file holds one. */
  isIn(file: string): Promise<boolean>;
  /** The same for a stream of bytes, wherever it is cut. */
  stream(): Transform;
}

/** For secrets as they are, and as base64, percent-encoding and JSON write them. */
export function createRedactor(secrets: readonly Secret[]): Redactor {
  const needles = secrets.flatMap(({ name, value }) =>
    formsOf(value).map((form) => ({ form: bytesOf(form), by: `[secret ${name}]` })),
  );
  needles.sort((left, right) => right.form.length - left.form.length);
  const redact = (text: string): string => needles.reduce((all, { form, by }) => all.replaceAll(form, by), text);
  return {
    text: (text) => Buffer.from(redact(bytesOf(text)), 'latin1').toString('utf8'),
    async isIn(file) {
      let held = '';
      for await (const chunk of createReadStream(file, { encoding: 'latin1' })) {
        const text = held + String(chunk);
        if (needles.some(({ form }) => text.includes(form))) return true;
        held = text.slice(text.length - begunAt(text, needles));
      }
      return false;
    },
    stream() {
      let held = '';
      return new Transform({
        transform(chunk: Buffer, _encoding, done) {
          const text = redact(held + chunk.toString('latin1'));
          const from = text.length - begunAt(text, needles);
          held = text.slice(from);
          done(null, Buffer.from(text.slice(0, from), 'latin1'));
        },
        flush(done) {
          done(null, Buffer.from(held, 'latin1'));
        },
      });
    },
  };
}

/** How many of the last characters may begin a secret. */
function begunAt(text: string, needles: readonly { form: string }[]): number {
  const [longest] = needles;
  for (let length = Math.min((longest?.form.length ?? 1) - 1, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (needles.some(({ form }) => form.startsWith(end))) return length;
  }
  return 0;
}

function formsOf(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  return [...new Set([value, base64, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])];
}

/** UTF-8 as a text of one character a byte. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

import { createHash } from 'node:crypto';

/** Lowercase hex SHA-256 of a text in UTF-8. */
export function sha256OfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

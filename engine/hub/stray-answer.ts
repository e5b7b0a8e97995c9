/** Bytes at the beginning of an answer that tell what it is. */
export const headBytes = 64;

/**
 * What an answer is that is not what was asked for: a log-in page of a proxy, a pointer of git LFS.
 *
 * @returns undefined where it looks like neither
 */
export function strayAnswer(head: string): string | undefined {
  if (/^\uFEFF?\s*<(?:!doctype|html|head|body|\?xml|!--)/i.test(head)) return 'an HTML page';
  if (head.startsWith('version https://git-lfs.github.com/spec/')) return 'an LFS pointer';
  return undefined;
}

import sharp from 'sharp';

/** A value of a task's output, as JSON. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/**
 * How far an output is from the one that is wanted: the largest difference of two numbers; of masks the share of pixels
 * that differ, of what was heard or written the share of letters. Infinity where the shapes or the words differ.
 */
export async function differenceOf(found: Plain | undefined, wanted: Plain): Promise<number> {
  if (typeof wanted === 'number') return typeof found === 'number' ? Math.abs(found - wanted) : Infinity;
  if (wanted === null || typeof wanted !== 'object') return found === wanted ? 0 : Infinity;
  if (typeof found !== 'object' || found === null) return Infinity;
  if (Array.isArray(wanted)) return Array.isArray(found) ? differenceOfLists(found, wanted) : Infinity;
  return differenceOfObjects(found as Record<string, Plain>, wanted);
}

async function differenceOfLists(found: Plain[], wanted: Plain[]): Promise<number> {
  if (found.length !== wanted.length) return Infinity;
  // Labels that are as likely may stand in either order.
  const [ours, theirs] = [found, wanted].map((list) => (list.every(isScored) ? [...list].sort(byLabel) : list));
  return largest((theirs ?? []).map(async (value, at) => differenceOf(ours?.[at], value)));
}

async function differenceOfObjects(found: Record<string, Plain>, wanted: Record<string, Plain>): Promise<number> {
  return largest(Object.entries(wanted).map(([name, value]) => differenceOfField(name, found[name], value)));
}

async function differenceOfField(name: string, found: Plain | undefined, wanted: Plain): Promise<number> {
  if (typeof found !== 'string' || typeof wanted !== 'string') return differenceOf(found, wanted);
  if (name === 'png') return differenceOfMasks(found, wanted);
  return name === 'text' ? differenceOfLetters(found, wanted) : differenceOf(found, wanted);
}

async function largest(differences: Promise<number>[]): Promise<number> {
  return Math.max(0, ...(await Promise.all(differences)));
}

function isScored(value: Plain): value is { label: string; score: number } {
  return typeof value === 'object' && value !== null && 'label' in value && 'score' in value && !('box' in value);
}

function byLabel(one: Plain, other: Plain): number {
  return isScored(one) && isScored(other) ? (one.label < other.label ? -1 : 1) : 0;
}

async function differenceOfMasks(found: string, wanted: string): Promise<number> {
  const [ours, theirs] = await Promise.all([found, wanted].map((png) => grayOf(png)));
  if (!ours || !theirs || ours.length !== theirs.length) return Infinity;
  return ours.filter((value, at) => value !== theirs[at]).length / ours.length;
}

function grayOf(png: string): Promise<Buffer> {
  return sharp(Buffer.from(png, 'base64')).extractChannel(0).raw().toBuffer();
}

/** The edits that make one text of the other, as a share of its letters. */
function differenceOfLetters(found: string, wanted: string): number {
  let row = Array.from({ length: wanted.length + 1 }, (_, at) => at);
  for (const [line, letter] of Array.from(found).entries()) {
    const next = [line + 1];
    for (let at = 0; at < wanted.length; at++) {
      const change = (row[at] ?? 0) + (letter === wanted[at] ? 0 : 1);
      next.push(Math.min(change, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(wanted.length, 1);
}

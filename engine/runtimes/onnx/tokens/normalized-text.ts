/** A text after a normalizer, and where each of its UTF-16 units comes from in the text before. */
export interface NormalizedText {
  text: string;
  /** First unit of the origin, by unit of the normalized text. */
  starts: number[];
  /** Unit behind the origin. */
  ends: number[];
}

/** A normalizer of `@huggingface/tokenizers`. */
export interface Normalizer {
  normalize(text: string): string;
  /** What a rule that replaces looks for. */
  pattern?: RegExp | string | null;
  config: { type?: string; content?: string };
  normalizers?: readonly (Normalizer | null)[];
}

/** The text itself, each unit its own origin. */
export function unchanged(text: string): NormalizedText {
  const starts = Array.from({ length: text.length }, (_, at) => at);
  return { text, starts, ends: starts.map((at) => at + 1) };
}

/**
 * Applies a normalizer and follows each character through it, as the Rust tokenizers do: what a character became has
 * that character as its origin, what several became has the first of them.
 */
export function normalized(before: NormalizedText, normalizer: Normalizer): NormalizedText {
  if (normalizer.normalizers) {
    return normalizer.normalizers.reduce((text, step) => (step ? normalized(text, step) : text), before);
  }
  const after = normalizer.normalize(before.text);
  if (after === before.text) return before;
  return traced(before, after, originsIn(before.text, after, normalizer));
}

/** By unit of `after`, the place in `before` of the character that it comes from. */
function originsIn(before: string, after: string, normalizer: Normalizer): number[] {
  if (normalizer.config.type === 'Replace' && normalizer.pattern) {
    return replaced(before, normalizer.pattern, normalizer.config.content ?? '');
  }
  const lengths = new Map<string, number>();
  const lengthOf = (part: string): number => {
    const length = lengths.get(part) ?? normalizer.normalize(part).length;
    lengths.set(part, length);
    return length;
  };
  for (const parts of [Array.from(before), graphemes(before)]) {
    const places: number[] = [];
    let at = 0;
    for (const part of parts) {
      for (let unit = lengthOf(part); unit > 0; unit--) places.push(at);
      at += part.length;
    }
    // Character by character it comes to the same, or to the same length, as with the sigma that ends a word.
    if (places.length === after.length) return places;
  }
  return matching(before, after);
}

/** What stands in for a match has the match's last character as its origin. */
function replaced(before: string, pattern: RegExp | string, content: string): number[] {
  const places: number[] = [];
  let at = 0;
  before.replaceAll(pattern, (match: string, ...more: unknown[]) => {
    const from = more.find((value) => typeof value === 'number') ?? 0;
    for (; at < from; at++) places.push(at);
    at = from + match.length;
    for (let unit = 0; unit < content.length; unit++) places.push(Math.max(at - 1, 0));
    return '';
  });
  for (; at < before.length; at++) places.push(at);
  return places;
}

function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** How many units a rule may remove in one place, to be followed. */
const farthest = 64;

/** For rules that see more than one character, such as trimming: each unit is the next equal one, else stands there. */
function matching(before: string, after: string): number[] {
  let at = 0;
  return Array.from({ length: after.length }, (_, unit) => {
    const ahead = before.slice(at, at + farthest).indexOf(after[unit] ?? '');
    if (ahead === -1) return Math.min(at, before.length - 1);
    at += ahead + 1;
    return at - 1;
  });
}

function traced(before: NormalizedText, after: string, places: readonly number[]): NormalizedText {
  const sizes = places.map((place) => ((before.text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1));
  return {
    text: after,
    starts: places.map((place) => before.starts[place] ?? 0),
    ends: places.map((place, at) => before.ends[place + (sizes[at] ?? 1) - 1] ?? before.ends[place] ?? 0),
  };
}

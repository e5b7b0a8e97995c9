/** A stretch of speech, in samples. */
export interface Span {
  start: number;
  end: number;
}

/** How probabilities become stretches of speech; all in samples but the two thresholds. */
export interface SpanRules {
  /** From here on it is speech. */
  threshold: number;
  /** Below this it is silence; between the two it goes on as it was. */
  negThreshold: number;
  minSpeech: number;
  maxSpeech: number;
  minSilence: number;
  /** A silence at which a stretch that is too long may be cut. */
  minSilenceAtMax: number;
  /** What is added to each side. */
  pad: number;
}

/** How far the walk has come. */
interface Walk {
  spans: Span[];
  start: number | undefined;
  /** Where a silence began that may yet end the stretch. */
  silentFrom: number | undefined;
  /** Silences in the stretch, each with its length. */
  pauses: { at: number; length: number }[];
}

/**
 * The stretches of speech in a recording, as `get_speech_timestamps_from_probs` of silero-vad 6.2 finds them.
 *
 * @param probabilities of windows of this many samples, one after the other
 * @param length of the whole recording
 */
export function speechSpans(
  probabilities: ArrayLike<number>,
  window: number,
  length: number,
  rules: SpanRules,
): Span[] {
  const walk: Walk = { spans: [], start: undefined, silentFrom: undefined, pauses: [] };
  for (let at = 0; at < probabilities.length; at++) step(walk, probabilities[at] ?? 0, at * window, rules);
  if (walk.start !== undefined && length - walk.start > rules.minSpeech) end(walk, length);
  return padded(walk.spans, length, rules.pad);
}

function step(walk: Walk, probability: number, at: number, rules: SpanRules): void {
  const speaks = probability >= rules.threshold;
  if (speaks && walk.silentFrom !== undefined) {
    const pause = at - walk.silentFrom;
    if (pause > rules.minSilenceAtMax) walk.pauses.push({ at: walk.silentFrom, length: pause });
    walk.silentFrom = undefined;
  }
  if (walk.start === undefined) {
    if (speaks) walk.start = at;
    return;
  }
  if (at - walk.start > rules.maxSpeech && cut(walk, at)) return;
  if (probability < rules.negThreshold) hush(walk, at, rules);
}

/** Cuts a stretch that is too long: at its longest silence, else here. Whether this window is done with. */
function cut(walk: Walk, at: number): boolean {
  const [first, ...others] = walk.pauses;
  if (!first) {
    end(walk, at);
    return true;
  }
  const longest = others.reduce((best, pause) => (pause.length > best.length ? pause : best), first);
  end(walk, longest.at);
  walk.start = longest.at + longest.length;
  return false;
}

function hush(walk: Walk, at: number, { minSilence, minSpeech }: SpanRules): void {
  const { start } = walk;
  if (start === undefined) return;
  walk.silentFrom ??= at;
  if (at - walk.silentFrom < minSilence) return;
  if (walk.silentFrom - start > minSpeech) end(walk, walk.silentFrom);
  else forget(walk);
}

function end(walk: Walk, at: number): void {
  walk.spans.push({ start: walk.start ?? 0, end: at });
  forget(walk);
}

function forget(walk: Walk): void {
  walk.start = undefined;
  walk.silentFrom = undefined;
  walk.pauses = [];
}

/** Spans with some of the silence around them; two that are near share what is between them. */
function padded(spans: readonly Span[], length: number, pad: number): Span[] {
  return spans.map(({ start, end }, at) => {
    const before = spans[at - 1];
    const after = spans[at + 1];
    const share = (gap: number): number => (gap < 2 * pad ? Math.floor(gap / 2) : pad);
    const left = before ? share(start - before.end) : pad;
    const right = after ? share(after.start - end) : pad;
    return { start: Math.trunc(Math.max(start - left, 0)), end: Math.trunc(Math.min(end + right, length)) };
  });
}

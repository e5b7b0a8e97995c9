/**
 * The name that a misspelt one was meant for: that with the fewest letters to change, of which a third may be wrong, or
 * one that begins the same way.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const ranked = known
    .map((one) => ({ one, distance: editDistance(wanted, one.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  const [best] = ranked;
  if (best && best.distance <= Math.max(Math.ceil(Math.max(name.length, best.one.length) / 3), 1)) return best.one;
  return known.find((one) => name.length > 2 && (one.startsWith(wanted) || wanted.startsWith(one)));
}

/** How many letters have to be put in, taken out or changed (Levenshtein 1965). */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let at = 1; at <= from.length; at++) {
    const next = [at];
    for (let place = 1; place <= to.length; place++) {
      const same = from[at - 1] === to[place - 1] ? 0 : 1;
      next.push(Math.min((row[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1, (row[place - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

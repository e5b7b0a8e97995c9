import { setImmediate } from 'node:timers/promises';

/** How long others wait for their turn at most, in milliseconds, beside the last call. */
const sliceMs = 5;

/**
 * Asks the file system about many files by calls that wait for it: mostly each is over sooner than a thread would be woken
 * for it. Others have their turn every few milliseconds.
 */
export async function inSlices<T, R>(items: readonly T[], ask: (item: T) => R): Promise<R[]> {
  const answers: R[] = [];
  let until = performance.now() + sliceMs;
  for (const item of items) {
    answers.push(ask(item));
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + sliceMs;
  }
  return answers;
}

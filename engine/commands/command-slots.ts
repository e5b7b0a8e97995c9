import pLimit, { type LimitFunction } from 'p-limit';
import type { AdmittedCommand } from '../policy/admit-command.js';

/** Places for commands that run at once on a worker. */
export interface CommandSlots {
  /**
   * Runs something when there is a place for its command, and one on the worker.
   *
   * @param onWait called where it has to wait
   * @throws the signal's reason, at once
   */
  run<T>(
    rules: AdmittedCommand['rules'],
    { signal, onWait }: { signal: AbortSignal; onWait: () => void },
    run: () => Promise<T>,
  ): Promise<T>;
}

/** @param concurrent commands that run at once. Default: any number */
export function createCommandSlots(concurrent = Infinity): CommandSlots {
  const worker = pLimit(concurrent);
  const commands = new Map<string, LimitFunction>();
  const slotsOf = (rules: AdmittedCommand['rules']): LimitFunction => {
    const place = rules?.place ?? '';
    const slots = commands.get(place) ?? pLimit(rules?.rules.limits?.concurrent ?? Infinity);
    commands.set(place, slots);
    return slots;
  };
  return {
    run(rules, { signal, onWait }, run) {
      const own = slotsOf(rules);
      let begun = false;
      if (own.activeCount >= own.concurrency || worker.activeCount >= worker.concurrency) onWait();
      const running = own(() =>
        worker(() => {
          signal.throwIfAborted();
          begun = true;
          return run();
        }),
      );
      running.catch(() => undefined);
      return new Promise((resolve, reject) => {
        running.then(resolve, reject);
        const stop = (): void => (begun ? undefined : reject(signal.reason as Error));
        signal.addEventListener('abort', stop, { once: true });
      });
    },
  };
}

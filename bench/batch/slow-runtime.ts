import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelRuntime } from '../../engine/models/contract/model-runtime.js';

/** A model that takes two milliseconds a row, without a core: kills hit it at work. */
export const runtime: ModelRuntime = {
  load: () =>
    Promise.resolve({
      async run(inputs, { signal }) {
        await sleep(inputs.length * 2, undefined, { signal });
        return inputs.map((input) => input);
      },
      dispose: () => Promise.resolve(),
    }),
};

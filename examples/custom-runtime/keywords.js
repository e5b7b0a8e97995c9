import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError, taskName } from 'model-jobs/runtime';

/**
 * Labels texts by the keywords of a bundle's `keywords.json`: `{"label": ["word", …], …}`.
 *
 * @type {import('model-jobs/runtime').ModelRuntime}
 */
export const runtime = {
  async load({ bundle, spec }) {
    if (!bundle || taskName(spec.task) !== 'text_classification') {
      throw new ModelJobError('MissingDependency', 'backend `keywords` serves text_classification from keywords.json');
    }
    const keywords = JSON.parse(await readFile(join(bundle.filesDirectory, 'keywords.json'), 'utf8'));
    return {
      // One output for each input; an error of one input is returned in its place, and the others go on.
      async run(inputs, { signal }) {
        signal.throwIfAborted();
        return inputs.map((input) =>
          typeof input === 'string'
            ? labelOf(input, keywords)
            : new ModelJobError('InvalidArgument', 'expected a text'),
        );
      },
      async dispose() {},
    };
  },
};

/** @type {(text: string, keywords: Record<string, string[]>) => { label: string, score: number }} */
function labelOf(text, keywords) {
  const words = new Set(text.toLowerCase().match(/\p{L}+/gu));
  const shares = Object.entries(keywords).map(([label, list]) => ({ label, score: share(list, words) }));
  return shares.reduce((best, next) => (next.score > best.score ? next : best), { label: 'other', score: 0 });
}

/** @type {(list: string[], words: Set<string>) => number} */
function share(list, words) {
  return list.filter((word) => words.has(word)).length / list.length;
}

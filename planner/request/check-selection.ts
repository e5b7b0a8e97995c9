import type { z } from 'zod';
import { needsListing, selectionOf } from './file-selection.js';
import type { ModelSpec } from './model-spec.js';
import type { JobOptions } from './options.js';

/** Refuses patterns that can have no effect: without files to choose from, or beside files that are all named. */
export function checkSelection(
  { spec, options }: { spec: ModelSpec; options?: JobOptions | null | undefined },
  context: z.core.$RefinementCtx,
): void {
  const field = (['include', 'exclude'] as const).find((name) => options?.[name] != null);
  if (!field) return;
  const refuse = (message: string): void =>
    context.addIssue({ code: 'custom', path: ['options', field], message, input: undefined });
  const { kind } = spec.source;
  if (kind !== 'hugging_face' && kind !== 'local_path')
    refuse(`a model of source \`${kind}\` has no files to choose from`);
  else if (!needsListing(selectionOf({ spec, options }))) {
    refuse('spec.files names each file in full: there is nothing to leave out');
  }
}

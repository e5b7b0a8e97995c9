import type { Diagnostic } from './diagnostic.js';

/** What a model saw of an input that is longer than it takes, in tokens, special ones included. */
export type Truncation = { tokens: number; kept: number };

/** What is told of one output beside itself. */
export type OutputMetadata = { truncated?: Truncation };

/** The remark on a result of which some inputs were cut; none where all were whole. */
export function truncationDiagnostics(truncated: number | undefined, inputs: number): Diagnostic[] {
  if (!truncated) return [];
  return [
    {
      severity: 'warning',
      code: 'Truncated',
      message: `${truncated} of ${inputs} inputs had more tokens than the model takes, and were cut`,
      help: 'options.parameters.truncation "refuse" makes that an error of the input, and "windows" reads all of it',
    },
  ];
}

import type { Diagnostic } from './diagnostic.js';

/** What a model saw of an input that is longer than it takes: of a text in tokens, special ones included; of a recording. */
export type Truncation = { tokens: number; kept: number } | { seconds: number; kept: number };

/** How long an input was. */
export function lengthOf(truncation: Truncation | undefined): number {
  if (!truncation) return 0;
  return 'tokens' in truncation ? truncation.tokens : truncation.seconds;
}

/** What is told of one output beside itself. */
export type OutputMetadata = { truncated?: Truncation };

/** The remark on a result of which some inputs were cut; none where all were whole. */
export function truncationDiagnostics(truncated: number | undefined, inputs: number): Diagnostic[] {
  if (!truncated) return [];
  return [
    {
      severity: 'warning',
      code: 'Truncated',
      message: `${truncated} of ${inputs} inputs were longer than the model takes, and were cut`,
      help: 'options.parameters.truncation "refuse" makes that an error of the input, and "windows" reads all of it',
    },
  ];
}

import { ModelJobError } from './errors.js';
import type { BundleProblem, ValidationFacts } from './facts.js';

/** How many problems an error's message names; its details list all. */
const namedProblems = 5;

/**
 * Passes a validation that found nothing wrong.
 *
 * @throws ModelJobError `IntegrityError` with every problem in its details
 */
export function judgeValidation(facts: ValidationFacts): void {
  if (facts.valid) return;
  const { problems } = facts;
  const named = problems.slice(0, namedProblems).map(describeProblem);
  const rest = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : '';
  throw new ModelJobError('IntegrityError', `the bundle does not match its manifest: ${named.join('; ')}${rest}`, {
    details: { problems, files: facts.files, bytes: facts.bytes },
  });
}

/** A problem in a few words. */
export function describeProblem({ path, problem, expected, found }: BundleProblem): string {
  switch (problem) {
    case 'missing':
      return `\`${path}\` is missing`;
    case 'unlisted':
      return `\`${path}\` is not in the manifest`;
    case 'modified':
      return `\`${path}\` was changed after it was placed`;
    default:
      return `\`${path}\` has ${problem} ${found}, expected ${expected}`;
  }
}

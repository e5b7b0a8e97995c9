import { ModelJobError } from '../shared/errors.js';
import type { BundleProblem } from '../job/facts.js';
import type { ListedValidation } from './problem-list.js';

/** How many problems an error's message names. */
const namedProblems = 5;

/**
 * Passes a validation that found nothing wrong.
 *
 * @throws ModelJobError `IntegrityError` with every problem in its details, or the first and the address of the whole list
 */
export function judgeValidation(facts: ListedValidation): void {
  if (facts.valid) return;
  const { problems, files, bytes, problemCount = problems.length, problemList } = facts;
  const named = problems.slice(0, namedProblems).map(describeProblem);
  const rest = problemCount > named.length ? `; and ${problemCount - named.length} more` : '';
  const where = problemList === undefined ? '' : `, all of them in ${problemList}`;
  throw new ModelJobError(
    'IntegrityError',
    `the bundle does not match its manifest: ${named.join('; ')}${rest}${where}`,
    {
      details: { problems, files, bytes, ...(problemList === undefined ? {} : { problemCount, problemList }) },
    },
  );
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

import type { BundleProblem, ValidationFacts } from '../job/facts.js';

/** What a validation found, as a payload holds it: of many problems the first ones. */
export interface ListedValidation extends ValidationFacts {
  /** How many problems there are, where not all of them are listed. */
  problemCount?: number;
  /** `file:` URI of a JSON list of all problems that were found, where not all of them are listed. */
  problemList?: string;
}

/** How long a list of problems in a payload may be, in characters of JSON. */
const maxListLength = 1 << 18;

/** The first of the problems, as many as a payload may hold. */
export function listedProblems(problems: readonly BundleProblem[]): BundleProblem[] {
  let length = 0;
  const tooMany = problems.findIndex((problem) => (length += JSON.stringify(problem).length) > maxListLength);
  return tooMany < 0 ? [...problems] : problems.slice(0, tooMany);
}

import { pathToFileURL } from 'node:url';
import {
  listedProblems,
  type BundleProblem,
  type ListedValidation,
  type ValidationFacts,
} from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';

/**
 * Makes facts small enough for a payload: what is left out of them is in a file.
 *
 * @param found all problems that were found, repaired ones included
 * @param path of the file, written only where it is needed
 */
export async function listProblems(
  facts: ValidationFacts,
  found: readonly BundleProblem[],
  path: string,
): Promise<ListedValidation> {
  if (listedProblems(found).length === found.length) return facts;
  await writeFileAtomic(path, `${JSON.stringify(found)}\n`);
  return {
    ...facts,
    problems: listedProblems(facts.problems),
    ...(facts.repaired ? { repaired: listedProblems(facts.repaired) } : {}),
    problemCount: facts.problems.length,
    problemList: pathToFileURL(path).href,
  };
}

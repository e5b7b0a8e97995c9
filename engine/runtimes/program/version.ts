import { backendName } from '../../../planner/index.js';
import { locateProgram } from '../../policy/locate-program.js';
import { programVersion } from '../../commands/program-version.js';
import type { ModelVersion, VersionQuestion } from '../../models/contract/registry.js';
import { parseTemplate } from '../../commands/template/template.js';

/** The bytes of the program of an operator's command line, and of those files that its fixed arguments name: its script. */
export async function templateVersion(question: VersionQuestion): Promise<ModelVersion | undefined> {
  const text = question.settings.programs[backendName(question.request.backend)];
  if (text === undefined) return undefined;
  const { program: name, words } = parseTemplate(text);
  const program = await locateProgram(name);
  const fixed = words.flatMap((word) => (word.every((part) => typeof part === 'string') ? [word.join('')] : []));
  if (program === undefined) return undefined;
  return { label: name, version: await programVersion([program, ...fixed], question.sha256) };
}

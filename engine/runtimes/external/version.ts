import { programVersion } from '../../commands/program-version.js';
import { admittedCommand } from './admitted-command.js';
import type { ModelVersion, VersionQuestion } from '../../models/contract/registry.js';

/** The bytes of a request's program, and of those files that its arguments name by absolute paths: its script. */
export async function commandVersion(question: VersionQuestion): Promise<ModelVersion | undefined> {
  const { spec, options } = question.request;
  if (spec.source.kind !== 'external_command') return undefined;
  const { program, args } = await admittedCommand(spec.source.command, options?.command, question.settings);
  const words = [program, ...args];
  return { label: spec.source.command, version: await programVersion(words, question.sha256) };
}

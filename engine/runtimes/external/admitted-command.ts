import type { JobOptions } from '../../../planner/index.js';
import { admitCommand, type AdmittedCommand } from '../../policy/admit-command.js';
import { createPathGuard } from '../../workspace/paths.js';
import type { RuntimeSettings } from '../../models/contract/model-runtime.js';

/**
 * The program of a request, and its arguments, as the worker's operator allows them.
 *
 * @throws ModelJobError as {@link admitCommand}
 */
export async function admittedCommand(
  command: string,
  options: JobOptions['command'],
  { commands, roots, closed }: Pick<RuntimeSettings, 'closed' | 'commands' | 'roots'>,
): Promise<AdmittedCommand> {
  const paths = createPathGuard(roots, closed);
  const args = options?.args ?? [];
  return admitCommand({ command, args }, commands, (path) => paths.resolve(path, 'options.command.args'));
}

import { ModelJobError } from '../../../planner/index.js';
import { membersOf } from '../../models/contract/json-members.js';

/** A line of an output, each value as JSON text. */
export interface OutputLine {
  index: bigint;
  customId: string | null;
  output: string;
  /** Columns of the input. */
  kept: Map<string, string>;
}

/**
 * Reads a shard's line of an output. Its output, the longest by far, stands last and is not looked into.
 *
 * @throws ModelJobError `IntegrityError`
 */
export function readOutputLine(line: string): OutputLine {
  try {
    const members = membersOf(line, 'output');
    const {
      index,
      custom_id: customId,
      output,
    } = Object.fromEntries(members ?? []) as Record<string, string | undefined>;
    for (const name of ['index', 'custom_id', 'metadata', 'output']) members?.delete(name);
    if (index === undefined || output === undefined) throw new Error('it has no index or no output');
    const id = customId === undefined ? null : (JSON.parse(customId) as string);
    return { index: BigInt(index), customId: id, output, kept: members ?? new Map<string, string>() };
  } catch (error) {
    const problem = `a line of a finished shard is no output: ${line.slice(0, 200)}`;
    throw new ModelJobError('IntegrityError', problem, { cause: error });
  }
}

import { constants } from 'node:os';
import { ModelJobError } from '../../planner/index.js';
import type { CommandLimits } from '../policy/limits.js';
import { wasOomKill } from '../../system/memory/oom-kills.js';
import type { ProgramFailure } from './program-failure.js';

/** What a program says that was refused memory, or the system for it. */
const outOfMemory =
  /MemoryError|[Cc]annot allocate memory|[Oo]ut of memory|bad_alloc|ENOMEM|memory exhausted|memory allocation .*failed/;

/**
 * The same failure as `ResourceLimit`, where a limit explains it.
 *
 * @param stderr the last of what the program said
 */
export function limitFailure(failure: ProgramFailure, limits: CommandLimits, place: string): ModelJobError {
  const { details } = failure;
  const stderr = typeof details['stderr'] === 'string' ? details['stderr'] : '';
  const why = reasonOf(failure, stderr, limits, place);
  if (why === undefined) return failure;
  return new ModelJobError('ResourceLimit', `${failure.detail}: ${why}`, { details, retryable: false, cause: failure });
}

function reasonOf(failure: ProgramFailure, stderr: string, limits: CommandLimits, place: string): string | undefined {
  const ended = (signal: 'SIGXCPU' | 'SIGXFSZ' | 'SIGKILL'): boolean =>
    failure.detail.includes(`signal: ${signal}`) || failure.details['exitCode'] === 128 + constants.signals[signal];
  if (failure.how !== 'signal' && failure.how !== 'status') return undefined;
  const { cpuSeconds, fileSizeMb, memoryMb } = limits;
  if (cpuSeconds !== undefined && ended('SIGXCPU')) return `it used ${cpuSeconds} s of CPU time (${place}.cpuSeconds)`;
  if (fileSizeMb !== undefined && ended('SIGXFSZ'))
    return `it wrote a file of more than ${fileSizeMb} MB (${place}.fileSizeMb)`;
  if (memoryMb !== undefined && outOfMemory.test(stderr))
    return `it may have ${memoryMb} MB of memory (${place}.memoryMb)`;
  return ended('SIGKILL') && wasOomKill() ? 'the system had no more memory and killed it' : undefined;
}

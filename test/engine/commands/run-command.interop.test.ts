import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openActivities } from '../../../activities/index.js';
import type { AllowedCommand } from '../../../engine/policy/schema.js';
import {
  parseModelAccessJobRequest,
  type CommandFacts,
  type JobOptions,
  type ModelAccessJobRequest,
} from '../../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from '../../helpers/activity.js';

describe('a command', () => {
  it('runs with its arguments and gives its output, whole in files and as text', async () => {
    const { run, folder } = await commandBox('printf "%s|" "$@"; echo oops >&2');
    const facts = await run({ command: { args: ['a b', '$HOME', '*'] } });
    expect(facts).toMatchObject({ status: 0, stdout: 'a b|$HOME|*|', stderr: 'oops\n' });
    expect(facts.artifacts.map(({ id }) => id)).toEqual(['output', 'stdout', 'stderr']);
    expect(await readFile(join(folder, 'home/jobs/test/stdout.log'), 'utf8')).toBe('a b|$HOME|*|');
  });

  it('reads its inputs as JSON Lines', async () => {
    const { run } = await commandBox('cat');
    const facts = await run({}, [
      { kind: 'json', value: { text: 'a\nb' } },
      { kind: 'json', value: [1, null] },
    ]);
    expect(facts.stdout).toBe('{"text":"a\\nb"}\n[1,null]\n');
  });

  it('never sees the secrets of its worker', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { run } = await commandBox('env');
    const { stdout } = await run();
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toContain('hf_secret');
  });

  it('reports its last line as its progress', async () => {
    const { run, progress } = await commandBox('echo loading; sleep 0.2; echo ready');
    await run();
    expect(progress.map(({ message }) => message)).toEqual(expect.arrayContaining(['loading', 'ready']));
  });

  it('keeps megabytes of output in its file and only the end as text', async () => {
    const { run } = await commandBox('head -c 3000000 /dev/zero | tr "\\0" x; echo END');
    const facts = await run();
    expect(facts.stdout).toHaveLength(64 * 1024);
    expect(facts.stdout.endsWith('END\n')).toBe(true);
    expect(facts.artifacts.find(({ id }) => id === 'stdout')?.sizeBytes).toBe(3_000_004);
  });
});

describe('a command that fails', () => {
  it('is final, and says its status as the crate does', async () => {
    const { run, program } = await commandBox('echo why >&2; exit 3');
    const failure = await failureOf(run());
    expect(failure).toMatchObject({ type: 'Failed', nonRetryable: true });
    expect(failure.message).toBe(`\`${program}\` exited with status exit status: 3`);
    expect(failure.details?.[0]).toMatchObject({ details: { stderr: 'why\n' } });
  });

  it('is said not to exist', async () => {
    const { run, program } = await commandBox(undefined);
    const failure = await failureOf(run());
    expect(failure.message).toBe(`failed to run \`${program}\`: No such file or directory (os error 2)`);
  });

  it('is stopped when it takes too long', async () => {
    const { run } = await commandBox('sleep 30');
    const failure = await failureOf(run({ command: { timeoutSeconds: 0.3 } }));
    expect(failure.message).toMatch(/took longer than 0.3 s and was stopped/);
  });
});

describe('a command that is cancelled', () => {
  it('ends within five seconds with all that it started, even when they ignore SIGTERM', async () => {
    const { run, folder, environment } = await commandBox(
      'trap "" TERM; (trap "" TERM; echo $BASHPID > "$1/child"; while :; do sleep 0.1; done) & while :; do sleep 0.1; done',
    );
    const running = run({ command: { args: [folder] } });
    await vi.waitFor(() => readFile(join(folder, 'child'), 'utf8').then((text) => expect(text).toMatch(/\d/)), 5000);
    const cancelledAt = Date.now();
    environment.cancel('CANCELLED');
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
    expect(Date.now() - cancelledAt).toBeLessThan(5000);
    const child = Number(await readFile(join(folder, 'child'), 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(child, 0)).toThrow('ESRCH'), 2000);
  });
});

describe.runIf(process.platform === 'linux')('a program in a session of its own that a command left behind', () => {
  const left = 'setsid sleep 300 & echo $! > "$1/child"; echo said';

  it.each([
    ['and holds its pipes', left],
    ['and holds nothing', left.replace('300', '300 >/dev/null 2>&1 <&-')],
  ])('%s ends with the command, whose output is whole', async (_, script) => {
    const { run, folder } = await commandBox(script);
    const startedAt = Date.now();
    expect((await run({ command: { args: [folder] } })).stdout).toBe('said\n');
    expect(Date.now() - startedAt).toBeLessThan(5000);
    await endOf(folder);
  });

  it('ends with one that takes too long', async () => {
    const { run, folder } = await commandBox(`${left}; sleep 300`);
    const startedAt = Date.now();
    const failure = await failureOf(run({ command: { args: [folder], timeoutSeconds: 0.5 } }));
    expect(failure.message).toMatch(/took longer than 0.5 s/);
    expect(Date.now() - startedAt).toBeLessThan(6000);
    await endOf(folder);
  });

  async function endOf(folder: string): Promise<void> {
    const child = Number(await readFile(join(folder, 'child'), 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(child, 0)).toThrow('ESRCH'), 2000);
  }
});

describe('the rules for a command', () => {
  it('refuse an argument before anything runs, for good', async () => {
    const program = '/bin/sh';
    const rules = [{ program, args: [{ exact: '-c' }, { exact: 'true' }] }];
    const { run, folder } = await commandBox(undefined, { commands: rules, command: program });
    expect(await run({ command: { args: ['-c', 'true'] } })).toMatchObject({ status: 0 });
    const failure = await failureOf(run({ command: { args: ['-c', `touch ${folder}/ran`] } }));
    expect(failure).toMatchObject({ type: 'PermissionDenied', nonRetryable: true });
    expect(failure.message).toMatch(/^options.command.args\[1\] must not be "touch .*\(commands\[0\].args\[1\]\)/);
    await expect(readFile(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  });
});

describe('the allow-list', () => {
  it('refuses a command that the operator did not name', async () => {
    const { run } = await commandBox('true', { commands: ['/usr/bin/other'] });
    const failure = await failureOf(run());
    expect(failure).toMatchObject({ type: 'PermissionDenied', nonRetryable: true });
    expect(failure.message).toContain('MODEL_JOBS_COMMANDS');
  });

  it('takes a name for the program that the PATH leads to', async () => {
    const { run } = await commandBox(undefined, { commands: ['echo'], command: 'echo' });
    expect((await run({ command: { args: ['hi'] } })).stdout).toBe('hi\n');
  });

  it('is not fooled by a link in the folder of the path', async () => {
    const { run, folder } = await commandBox(undefined, { commands: ['/bin/true'], command: 'set below' });
    await mkdir(join(folder, 'bin'));
    await symlink('/bin/sh', join(folder, 'bin', 'true'));
    const failure = await failureOf(run({}, [], join(folder, 'bin', 'true')));
    expect(failure.type).toBe('PermissionDenied');
  });
});

/** A program of this test's own and an activity environment that may run it. */
async function commandBox(script: string | undefined, options: { commands?: AllowedCommand[]; command?: string } = {}) {
  const folder = await temporaryFolder();
  const program = options.command ?? join(folder, 'program.sh');
  if (script !== undefined) {
    await writeFile(program, `#!/bin/bash\n${script}\n`);
    await chmod(program, 0o755);
    await sleep(20);
  }
  const config = configIn(folder, { commands: options.commands ?? [program] });
  const { activities } = openActivities(config);
  const { environment, progress } = activityEnvironment({ workflowExecution: { workflowId: 'test', runId: 'run' } });
  const run = (jobOptions: JobOptions = {}, inputs: unknown[] = [], command = program): Promise<CommandFacts> =>
    environment.run(
      (request: ModelAccessJobRequest) => activities.runCommand(request),
      parseModelAccessJobRequest({
        kind: 'ExternalCommand',
        spec: { name: 'm', task: 'ocr', source: { kind: 'external_command', command }, files: [] },
        backend: 'external',
        inputs,
        options: jobOptions,
      }),
    );
  return { run, folder, program, environment, progress };
}

async function failureOf(running: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}

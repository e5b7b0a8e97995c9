import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openActivities } from '../../../activities/index.js';
import type { SecretSources } from '../../../engine/policy/secrets.js';
import type { AllowedCommand } from '../../../engine/policy/schema.js';
import { parseModelAccessJobRequest, type CommandFacts, type ModelAccessJobRequest } from '../../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from '../../helpers/activity.js';

describe('the options of a command', () => {
  it('tell it its job, and give it a folder and a checkpoint that stay over its retries', async () => {
    const { run, folder } = await box();
    const script =
      'cat "$MODEL_JOB_CHECKPOINT" 2>/dev/null; ls; echo "$MODEL_JOB_ID $MODEL_JOB_ATTEMPT"; touch seen; ' +
      'echo half > "$MODEL_JOB_CHECKPOINT"; grep -c MODEL_JOB_ID "$MODEL_JOB_REQUEST"; exit 7';
    const options = { args: ['-c', script], retryableExitCodes: [7], successExitCodes: [0, 9] };
    await expect(run(options)).rejects.toMatchObject({ type: 'Failed', nonRetryable: false });
    const facts = await run({ ...options, args: ['-c', script.replace('exit 7', 'exit 9')] }, { attempt: 2 });
    expect(facts).toMatchObject({ status: 9, stdout: 'half\nseen\nstderr.log\nstdout.log\njob 2\n1\n' });
    expect(await readdir(join(folder, 'home/jobs/job'))).toContain('seen');
  });

  it('fill the placeholders of command templates', async () => {
    const { run, folder } = await box();
    const args = [
      '-c',
      'printf "%s|" "$@"',
      'sh',
      '{text}',
      '{param:beam=5}',
      '{{text}}{"a":{}}${text}',
      '{output}',
      '{input}',
    ];
    const { stdout } = await run({ args }, { inputs: [{ kind: 'json', value: 'a b' }] });
    const own = join(folder, 'home/jobs/job/run-run');
    expect(stdout).toBe(`a b|5|{text}{"a":{}}\${text}|${own}|${own}/.job/input.txt|`);
    await expect(run({ args: ['{bundel}'] })).rejects.toThrow(
      /args\[0\]: `{bundel}` is not a placeholder \(perhaps {bundle}/,
    );
    await expect(run({ args: ['{model}'] })).rejects.toThrow(/spec.files: the program needs a model with files/);
  });

  it('give it a text or a file to read, and a folder of the roots to run in', async () => {
    const { run, folder } = await box();
    await writeFile(join(folder, 'in.txt'), 'from a file');
    expect((await run({ args: ['-c', 'cat'], stdin: { text: 'a text' } })).stdout).toBe('a text');
    const file = { args: ['-c', 'cat; pwd'], stdin: { path: join(folder, 'in.txt') }, cwd: folder };
    expect((await run(file)).stdout).toBe(`from a file${folder}\n`);
    await expect(run({ stdin: { path: '/etc/passwd' } })).rejects.toMatchObject({ type: 'PermissionDenied' });
    await expect(run({ cwd: '/etc' })).rejects.toMatchObject({ type: 'PermissionDenied' });
    await expect(run({ cwd: join(folder, 'in.txt') })).rejects.toThrow(/options.command.cwd: .* is no folder/);
  });

  it('set the variables that the policy names, and no others', async () => {
    const { run } = await box([{ program: '/bin/sh', args: 'any', env: ['LANG'] }]);
    expect((await run({ args: ['-c', 'echo $LANG'], env: { LANG: 'C' } })).stdout).toBe('C\n');
    const refused = { type: 'PermissionDenied', nonRetryable: true };
    await expect(run({ env: { LD_PRELOAD: '/x.so' } })).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/^options.command.env.LD_PRELOAD .*\(commands\[0\].env\) allows LANG/) as string,
    });
    await expect((await box(['/bin/sh'])).run({ env: { LANG: 'C' } })).rejects.toMatchObject(refused);
  });

  it('hand over the secrets that the policy names, which nobody reads afterwards', async () => {
    const secret = 'hunter2-\u00e9\n"x"';
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'secret'), `${secret}\n`);
    const rules: AllowedCommand = { program: '/bin/sh', args: 'any', env: ['KEY', 'OTHER'], secrets: ['API'] };
    const { run, home, progress } = await box([rules], { API: { file: join(folder, 'secret') } });
    const told = {
      args: ['-c', 'echo "$KEY" | tee err >&2; printf %s "$KEY" | base64 -w0; cat'],
      env: { KEY: { secret: 'API' } },
    };
    const facts = await run({ ...told, stdin: { secret: 'API' } });
    expect(facts.stderr).toBe('[secret API]\n');
    expect(facts.stdout).toMatch(/^\[secret API\]=*\[secret API\]$/);
    const failing = run({ ...told, args: ['-c', 'echo "$KEY" >&2; exit 3'] });
    await expect(failing).rejects.toMatchObject({ details: [{ details: { stderr: '[secret API]\n' } }] });
    await expect(run({ ...told, outputs: ['err'] })).rejects.toThrow(/`err` holds a secret/);
    await expect(run({ env: { OTHER: { secret: 'HF' } } })).rejects.toThrow(
      /env.OTHER .*commands\[0\].secrets\) allows API/,
    );
    const logs = await Promise.all(
      ['stdout.log', 'stderr.log', 'output.json', '.job/request.json'].map((name) =>
        readFile(join(home, name), 'utf8'),
      ),
    );
    expect(JSON.stringify([facts, progress, logs])).not.toContain('hunter2');
  });

  it('collect the files that they name, each once, with size and hash', async () => {
    const { run, folder } = await box();
    await mkdir(join(folder, 'home/jobs/job/run-run'), { recursive: true });
    await symlink('/etc/passwd', join(folder, 'home/jobs/job/run-run/link.txt'));
    const script = 'mkdir -p out; printf abc > out/a.txt; printf "{}" > out/b.json; touch .hidden';
    const { artifacts } = await run({ args: ['-c', script], outputs: ['out/b.json', '**/*.{txt,json,log}'] });
    expect(artifacts.slice(1)).toMatchObject([
      { id: 'file-0', kind: 'text', mediaType: 'text/plain', sizeBytes: 3, metadata: { 'file.name': 'out/a.txt' } },
      { id: 'file-1', kind: 'json', sizeBytes: 2, sha256: expect.stringMatching(/^44136fa355b3678a/) as string },
    ]);
    await expect(run({ args: ['-c', 'true'], outputs: ['no.txt'] })).rejects.toThrow(
      /outputs\[0\]: .* no file `no.txt`/,
    );
    for (const outputs of [['../x'], ['/etc/*'], ['a/../../b'], ['output.json'], ['./.job/*']])
      await expect(run({ outputs })).rejects.toMatchObject({ type: 'InvalidArgument' });
  });

  it('let it report progress, files, lines and a checkpoint on file descriptor 3', async () => {
    const { run, progress, home } = await box();
    const lines = [
      '{"progress": {"completed": 3, "total": 8, "unit": "pages", "message": "reading"}}',
      '{"artifact": {"path": "./a.txt"}}\\n{"log": "told"}\\n{"checkpoint": {"page": 3}}\\n{"progress": {"completed": 9, "total": 8}}',
    ];
    const script = `touch a.txt; printf '${lines.join('\\n')}\\n' >&3; (setsid sleep 60 &); echo last`;
    const startedAt = Date.now();
    const { artifacts, stdout } = await run({ args: ['-c', script] });
    expect(Date.now() - startedAt).toBeLessThan(5000);
    expect(stdout).toBe('last\n');
    expect(progress).toContainEqual({ completed: 3, total: 8, unit: 'pages', message: 'reading' });
    expect(artifacts.map(({ metadata }) => metadata['file.name'])).toContain('a.txt');
    expect(await readFile(join(home, '.job/checkpoint'), 'utf8')).toBe('{"page":3}\n');
    const liar = run({ args: ['-c', `printf '{"artifact": {"path": "/etc/passwd"}}' >&3`] });
    await expect(liar).rejects.toThrow(/the program reported `\/etc\/passwd`, which is no file/);
    expect((await run({ args: ['-c', 'cat; head -c 3000000 /dev/zero >&3'], stdin: { text: 'in' } })).stdout).toBe(
      'in',
    );
  });

  it('end a program that hangs, and say whether it computed', async () => {
    const { run } = await box();
    const idle = { idleTimeoutSeconds: 1 };
    const [hung, busy, talks] = await Promise.allSettled([
      run({ ...idle, args: ['-c', 'echo begun; sleep 60'] }, { runId: '0' }),
      run({ ...idle, args: ['-c', 'while :; do :; done'] }, { runId: '1' }),
      run({ ...idle, args: ['-c', 'for i in 1 2 3 4; do echo $i; sleep 0.4; done'] }, { runId: '2' }),
    ]);
    expect(hung).toMatchObject({
      reason: { message: expect.stringMatching(/said nothing for 1.*; it did nothing/) as string },
    });
    expect(busy).toMatchObject({
      reason: { message: expect.stringMatching(/said nothing for 1.*; it computed/) as string },
    });
    expect(talks).toMatchObject({ status: 'fulfilled', value: { status: 0 } });
  });
});

describe('options of a command that no program takes', () => {
  it.each([
    [{ kind: 'Inference', command: { cwd: '/tmp' } }, /options.command.cwd: only an ExternalCommand has it/],
    [{ kind: 'ExternalCommand', command: { retryableExitCodes: [0] } }, /retryableExitCodes: 0 means success/],
    [{ kind: 'ExternalCommand', command: { outputz: [] } }, /options.command: unknown key "outputz"/],
    [
      { kind: 'ExternalCommand', command: { stdin: 'all' } },
      /options.command.stdin: expected one of "inputs" or object/,
    ],
  ])('are refused: %o', ({ kind, command }, message) => {
    expect(() => parseModelAccessJobRequest(request(command, { kind }))).toThrow(message);
  });
});

type Options = Record<string, unknown>;

function request(command: Options, overrides: Options = {}): ModelAccessJobRequest {
  return {
    kind: 'ExternalCommand',
    spec: { name: 'm', task: 'ocr', source: { kind: 'external_command', command: '/bin/sh' }, files: [] },
    backend: 'external',
    inputs: [],
    options: { command },
    ...overrides,
  } as unknown as ModelAccessJobRequest;
}

/** A worker that allows a shell, and runs jobs of one run. */
async function box(commands: AllowedCommand[] = ['/bin/sh'], secrets: SecretSources = {}) {
  const folder = await temporaryFolder();
  const { activities } = openActivities(configIn(folder, { commands, secrets }));
  const progress: unknown[] = [];
  const run = async (
    command: Options,
    { attempt = 1, runId = 'run', ...overrides }: Options & { attempt?: number; runId?: string } = {},
  ): Promise<CommandFacts> => {
    const { environment, progress: told } = activityEnvironment({
      attempt,
      workflowExecution: { workflowId: 'job', runId },
    });
    const parsed = parseModelAccessJobRequest(request({ args: ['-c', 'true'], ...command }, overrides));
    const running = environment.run((input: ModelAccessJobRequest) => activities.runCommand(input), parsed);
    return (running as Promise<CommandFacts>).finally(() => progress.push(...told));
  };
  return { run, folder, progress, home: join(folder, 'home/jobs/job/run-run') };
}

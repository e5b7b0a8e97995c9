import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openActivities } from '../../activities/index.js';
import { secondsToNextAttempt } from '../../activities/next-attempt.js';
import {
  parseModelAccessJobRequest,
  type InputFacts,
  type JobOptions,
  type ModelJobInput,
  type ModelJobKind,
} from '../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from '../helpers/activity.js';

async function awaitInputs(
  root: string,
  inputs: ModelJobInput[],
  options: JobOptions = {},
  info: { attempt?: number; scheduledTimestampMs?: number } = {},
  kind: ModelJobKind = 'BatchInference',
): Promise<InputFacts> {
  const request = parseModelAccessJobRequest({
    kind,
    backend: 'onnx',
    spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] },
    inputs,
    options,
  });
  const { environment } = activityEnvironment({ scheduledTimestampMs: Date.now(), ...info });
  const { activities } = openActivities(configIn(root));
  return environment.run<[], InputFacts, () => Promise<InputFacts>>(() => activities.awaitInputs(request));
}

describe('waiting for inputs', () => {
  it('finds files, folders with something in them, and artifacts', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'day'));
    await writeFile(join(root, 'day', 'in.jsonl'), '1\n');
    const uri = pathToFileURL(join(root, 'day', 'in.jsonl')).href;
    const inputs: ModelJobInput[] = [
      { kind: 'json', value: 1 },
      { kind: 'localPath', value: join(root, 'day') },
      { kind: 'artifact', value: { id: 'a', kind: 'file', mediaType: 'x/y', uri, metadata: {} } },
    ];
    expect(await awaitInputs(root, inputs)).toEqual({ missing: [] });
  });

  it('names what is not there, an empty folder too', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'day'));
    const inputs: ModelJobInput[] = [
      { kind: 'localPath', value: join(root, 'none.jsonl') },
      { kind: 'localPath', value: join(root, 'day') },
    ];
    expect(await awaitInputs(root, inputs)).toEqual({
      missing: [
        { field: 'inputs[0].value', path: join(root, 'none.jsonl') },
        { field: 'inputs[1].value', path: join(root, 'day') },
      ],
    });
  });

  it('asks for the next attempt while the wait lasts, and answers when it is over', async () => {
    const root = await temporaryFolder();
    const inputs: ModelJobInput[] = [{ kind: 'localPath', value: join(root, 'none.jsonl') }];
    const options = { inputWaitSeconds: 60 };
    const failure = awaitInputs(root, inputs, options, { attempt: 3 });
    await expect(failure).rejects.toMatchObject({ type: 'NotFound', nonRetryable: false, nextRetryDelay: 4000 });
    await expect(failure).rejects.toThrow(/none\.jsonl` does not exist yet; looking again in 4 s/);
    expect(
      (await awaitInputs(root, inputs, options, { scheduledTimestampMs: Date.now() - 60_000 })).missing,
    ).toHaveLength(1);
  });

  it('never looks later than the end of the wait', async () => {
    const root = await temporaryFolder();
    const inputs: ModelJobInput[] = [{ kind: 'localPath', value: join(root, 'none.jsonl') }];
    const late = awaitInputs(
      root,
      inputs,
      { inputWaitSeconds: 60 },
      { attempt: 9, scheduledTimestampMs: Date.now() - 58_000 },
    );
    const { nextRetryDelay } = (await late.catch((error: unknown) => error)) as { nextRetryDelay: number };
    expect(nextRetryDelay).toBeGreaterThan(1000);
    expect(nextRetryDelay).toBeLessThanOrEqual(2000);
  });

  it('leaves every other fault to the work, which names it better', async () => {
    const root = await temporaryFolder();
    const inputs: ModelJobInput[] = [{ kind: 'localPath', value: '/etc/in.jsonl' }];
    expect(await awaitInputs(root, inputs, { inputWaitSeconds: 60 })).toEqual({ missing: [] });
  });

  it('sees for a batch what a batch reads: globs, and folders with data in them', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'day'));
    await writeFile(join(root, 'day', '_SUCCESS'), '');
    const inputs: ModelJobInput[] = ['day', 'day/*.csv'].map((name) => ({
      kind: 'localPath',
      value: join(root, name),
    }));
    expect((await awaitInputs(root, inputs)).missing).toHaveLength(2);
    expect((await awaitInputs(root, inputs.slice(0, 1), {}, {}, 'ValidateBundle')).missing).toEqual([]);
    await writeFile(join(root, 'day', 'in.csv'), 'text\nx\n');
    expect((await awaitInputs(root, inputs)).missing).toEqual([]);
  });
});

describe('the pauses of a wait', () => {
  it.each([1, 60, 600, 3600, 86_400, 604_800])('make at most 120 looks in %i s', (wait) => {
    let [looks, elapsed] = [0, 0];
    while (elapsed < wait) elapsed += secondsToNextAttempt(++looks, wait);
    expect(looks).toBeLessThanOrEqual(120);
  });
});

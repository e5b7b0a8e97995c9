import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openActivities } from '../../../activities/index.js';
import { parseModelAccessJobRequest } from '../../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from '../../helpers/activity.js';

describe('what a batch writes', () => {
  it.each([
    ['out/job', 'the folder of its job'],
    ['out/job/run-run', 'the folder of its run'],
    ['home/jobs/job', "the folder of its job in the worker's home"],
  ])('never goes through a link that somebody planted at %s, %s', async (place) => {
    const { folder, plan } = await batchBox();
    await mkdir(join(folder, 'outside'));
    await mkdir(dirname(join(folder, place)), { recursive: true });
    await symlink(join(folder, 'outside'), join(folder, place));
    const output = place.startsWith('out') ? join(folder, 'out') : undefined;
    await expect(plan(output)).rejects.toMatchObject({ type: 'PermissionDenied', nonRetryable: true });
    expect(await readdir(join(folder, 'outside'))).toEqual([]);
  });

  it.each(['bundles/demo/main', 'jobs/other', 'server'])("never goes to the worker's own %s", async (place) => {
    const { folder, plan } = await batchBox();
    await expect(plan(join(folder, 'home', place))).rejects.toMatchObject({ type: 'PermissionDenied' });
  });

  it('goes where the request says, below a root', async () => {
    const { folder, plan } = await batchBox();
    await plan(join(folder, 'out'));
    expect(await readdir(join(folder, 'out/job/run-run'))).toContain('index.json');
  });
});

/** A batch over two rows that needs no model. */
async function batchBox() {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'rows.jsonl'), '"one"\n"two"\n');
  const { activities, close } = openActivities(configIn(folder));
  onTestFinished(close);
  const { environment } = activityEnvironment({ workflowExecution: { workflowId: 'job', runId: 'run' } });
  const plan = (output: string | undefined): Promise<unknown> => {
    const request = parseModelAccessJobRequest({
      kind: 'BatchInference',
      backend: 'heuristic',
      spec: { name: 'words', task: 'text_classification', source: { kind: 'local_path', path: '/nowhere' }, files: [] },
      inputs: [{ kind: 'localPath', value: join(folder, 'rows.jsonl') }],
      options: { batch: { ...(output === undefined ? {} : { output }) } },
    });
    return environment.run(activities.planShards, { request, runKey: 'run' } as never);
  };
  return { folder, plan };
}

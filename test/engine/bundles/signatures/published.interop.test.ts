import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openActivities } from '../../../../activities/index.js';
import { startHub } from '../../../../demo/hub/index.js';
import { signFolder } from '../../../../engine/signing/sign-folder.js';
import { parseModelAccessJobRequest } from '../../../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from '../../../helpers/activity.js';
import { sentimentSpec } from '../../../helpers/end-to-end.js';
import { keyPair, type KeyPair } from '../../../helpers/signing-keys.js';

const demo = fileURLToPath(new URL('../../../../demo/model/afinn-sentiment', import.meta.url));
const [ours, theirs] = [keyPair(), keyPair('P-256', 'theirs.pem')];

/** A hub with the demo's model, and workers that trust our key: each has a home and a cache of its own. */
async function signedHub() {
  const folder = await temporaryFolder();
  const repo = join(folder, 'repo');
  await cp(demo, repo, { recursive: true });
  const hub = await startHub({ repos: { 'demo/afinn-sentiment': { folder: repo } } });
  onTestFinished(() => hub.close());
  /** The repository at a commit of what its folder holds now. */
  const push = () => hub.setRepo('demo/afinn-sentiment', { folder: repo });
  const sign = async ({ signing }: KeyPair) => {
    await rm(join(repo, 'model.sig'), { force: true });
    await signFolder({ action: 'sign', folder: repo, ignorePaths: [], allowSymlinks: false }, signing);
    push();
  };
  const worker = (name: string) => {
    const base = configIn(join(folder, name));
    const config = { ...base, hub: { ...base.hub, endpoint: hub.url }, signing: { trust: [ours.trusted] } };
    const { activities, close } = openActivities(config);
    onTestFinished(close);
    const inputs = [{ kind: 'json', value: 'good' }];
    const request = parseModelAccessJobRequest({ kind: 'Inference', spec: sentimentSpec(), backend: 'onnx', inputs });
    const job = { workflowExecution: { workflowId: 'job', runId: 'run' } };
    return () => activityEnvironment(job).environment.run(activities.runInference, request);
  };
  return { hub, repo, push, sign, worker };
}

describe('a model from a hub, on a worker that trusts a key', () => {
  it('loads when its repository is signed by it; the signature is fetched once', async () => {
    const { hub, sign, worker } = await signedHub();
    await sign(ours);
    const infer = worker('one');
    expect(await infer()).toMatchObject({ inputCount: 1 });
    hub.resetStats();
    expect(await infer()).toMatchObject({ inputCount: 1, alreadyLoaded: true });
    expect(hub.stats.requests).toEqual({});
  });

  it('never loads when it is unsigned, signed by another, or changed since: repository, file and key are named', async () => {
    const { hub, repo, push, sign, worker } = await signedHub();
    const repository = 'demo/afinn-sentiment';
    const denied = (facts: { file?: string; key?: string }) => ({
      type: 'PermissionDenied',
      nonRetryable: true,
      details: [{ details: { repository, ...facts } }],
    });
    await expect(worker('unsigned')()).rejects.toMatchObject(denied({ file: 'model.sig' }));

    await sign(theirs);
    const stranger = worker('stranger')();
    await expect(stranger).rejects.toMatchObject(denied({ key: theirs.trusted.hint }));
    await expect(stranger).rejects.toThrow(`\`${repository}\` at ${(await hub.commit(repository)).slice(0, 12)}`);

    await sign(ours);
    await writeFile(join(repo, 'config.json'), '{"id2label": {"0": "POSITIVE", "1": "NEGATIVE"}}');
    push();
    const changed = worker('changed')();
    await expect(changed).rejects.toMatchObject(denied({ file: 'config.json', key: ours.trusted.hint }));
    await expect(changed).rejects.toThrow('`config.json` is not what was signed by key ours.pem');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createBundleStore } from '../../engine/bundles/store.js';
import { runRows } from '../../engine/models/use/run-rows.js';
import { createPathGuard } from '../../engine/workspace/paths.js';
import { createModelCache } from '../../engine/models/use/model-cache.js';
import { runtimesOf } from '../../engine/runtimes/index.js';
import { parseModelAccessJobRequest } from '../../planner/index.js';
import { readWorkerConfig } from '../../worker/config.js';
import { realModel, realModelSpec } from '../real-model.js';
import { silentWork } from '../silent-work.js';

/** The runtime pool as a worker has it: its processes, its batching. Prints rows and seconds, the load apart. */
const repeats = Number(process.argv[2] ?? 1);
const model = await realModel();
if (!model) process.exit(1);
const home = await mkdtemp(join(tmpdir(), 'model-jobs-bench-'));
const env = { ...process.env, MODEL_JOBS_HOME: home, MODEL_JOBS_ROOTS: `${home}:${dirname(model.folder)}` };
const { activities: config } = readWorkerConfig(env);
const request = parseModelAccessJobRequest({ kind: 'Inference', spec: realModelSpec(model.folder), backend: 'onnx' });
const models = createModelCache(runtimesOf({}), {
  ...config.runtime,
  settings: { ...config.runtime.settings, roots: config.roots, commands: config.commands },
});
try {
  const bundle = await createBundleStore(config, createPathGuard(config.roots)).ensure(request, silentWork);
  const { signal } = silentWork;
  await models.use({ request, bundle, identity: bundle.identity, signal }, async (use) => {
    await use.pool.warm();
    const once = model.sentences.map((sentence) => JSON.stringify(sentence));
    const rows = Array.from({ length: repeats }, () => once).flat();
    const run = (some: string[]) =>
      runRows(
        use,
        { rows: some, named: false, parameters: {}, folder: home, form: 'json', sizer: use.sizer },
        { signal, log: () => undefined },
        () => undefined,
      );
    await run(rows.slice(0, 100));
    const startedAt = performance.now();
    const { outputs } = await run(rows);
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(JSON.stringify({ rows: outputs.filter((output) => output !== null).length, seconds }));
  });
} finally {
  await models.close();
  await rm(home, { recursive: true, force: true });
}

import { readFile, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { openServer } from '../../client/dev-server/index.js';
import { ModelJobsClient } from '../../client/job-client.js';
import { startReadyWorker } from '../../demo/worker.js';

/**
 * Embeds texts by a whole Inference job: a real server, a worker of its own, the texts as a JSON Lines file.
 *
 * @param home an empty folder, for the server, the worker and the texts
 */
export async function embedByJob(model: string, texts: readonly string[], home: string): Promise<number[][]> {
  const file = join(home, 'texts.jsonl');
  await writeFile(file, texts.map((text) => `${JSON.stringify(text)}\n`).join(''));
  const report = (line: string): void => console.log(line);
  const server = await openServer({ home, ephemeral: true, port: 0, uiPort: 0, env: process.env, report });
  try {
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: server.address,
      MODEL_JOBS_TASK_QUEUE: `parity-${process.pid}`,
      MODEL_JOBS_HOME: home,
      MODEL_JOBS_ROOTS: [home, model].join(delimiter),
    };
    const worker = await startReadyWorker(env);
    try {
      return await runJob(await ModelJobsClient.connect({ env }), model, file);
    } finally {
      await worker.stop();
    }
  } finally {
    await server.stop();
  }
}

async function runJob(client: ModelJobsClient, model: string, file: string): Promise<number[][]> {
  try {
    const { artifacts } = await client.execute({
      id: `parity-${process.pid}`,
      kind: 'Inference',
      backend: 'onnx',
      spec: {
        name: basename(model),
        task: 'text_embedding',
        source: { kind: 'local_path', path: model },
        files: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'].map((required) => ({
          required,
        })),
      },
      inputs: [{ kind: 'localPath', value: file }],
    });
    const output = artifacts.find(({ id }) => id === 'output');
    if (!output) throw new Error(`the job has no output artifact: ${JSON.stringify(artifacts)}`);
    return JSON.parse(await readFile(new URL(output.uri), 'utf8')) as number[][];
  } finally {
    await client.close();
  }
}

import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import {
  jobRequestSchema,
  parseModelAccessJobRequest,
  planRequest,
  type ModelAccessJobRequest,
} from '../planner/index.js';

/**
 * Our planner against the crate's own release build, over the same requests in the same run: from a parsed request to
 * the plan, and from JSON to JSON. A ratio above 1 means that ours is faster.
 */
const seconds = 1;
const fileCounts = [10, 1_000, 10_000];

interface Times {
  planMs: number;
  wireMs: number;
}

const requests = fileCounts.map((count) => JSON.stringify(downloadOf(count)));
const crate = await timeCrate(requests);
console.log('files   ours: plan  JSON to JSON   crate: plan  JSON to JSON   ratio: plan  JSON to JSON');
requests.forEach((json, index) => {
  const ours = timeOurs(json);
  const theirs = crate?.[index];
  console.log(
    [
      String(fileCounts[index]).padEnd(7),
      ...[ours.planMs, ours.wireMs, theirs?.planMs, theirs?.wireMs].map((ms) =>
        `${ms?.toFixed(3) ?? '-'} ms`.padStart(12),
      ),
      ...(theirs ? [theirs.planMs / ours.planMs, theirs.wireMs / ours.wireMs] : []).map((ratio) =>
        ratio.toFixed(2).padStart(12),
      ),
    ].join(' '),
  );
});
const inference = { ...downloadOf(10_000), kind: 'Inference' };
console.log(
  `an Inference plan of the last model: ${median(() => planRequest(parsed(inference))).toFixed(3)} ms with its parse`,
);

function downloadOf(files: number) {
  return {
    kind: 'Download',
    spec: {
      name: 'org/model',
      task: 'text_embedding',
      source: { kind: 'hugging_face', repo_id: 'org/model', revision: 'main' },
      files: Array.from({ length: files }, (_, index) => ({
        required: `weights/model-${index}-of-${files}.safetensors`,
      })),
    },
    backend: 'onnx',
  };
}

function parsed(value: unknown): ModelAccessJobRequest {
  return jobRequestSchema().parse(value);
}

function timeOurs(json: string): Times {
  const request = parsed(JSON.parse(json));
  return {
    planMs: median(() => planRequest(request)),
    wireMs: median(() => JSON.stringify(planRequest(parseModelAccessJobRequest(JSON.parse(json))))),
  };
}

/** The median time of one call in milliseconds, over as many calls as fit into the time. */
function median(work: () => unknown): number {
  const times: number[] = [];
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1000 || times.length < 5) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return times.sort((left, right) => left - right)[times.length >> 1]!;
}

async function timeCrate(lines: readonly string[]): Promise<Times[] | undefined> {
  const manifest = fileURLToPath(new URL('../../bench/planner-peer/Cargo.toml', import.meta.url));
  try {
    const { stdout } = await execa(
      'cargo',
      ['run', '--release', '--quiet', '--manifest-path', manifest, '--', String(seconds)],
      {
        input: `${lines.join('\n')}\n`,
        stderr: 'inherit',
      },
    );
    return stdout.split('\n').map((line) => JSON.parse(line) as Times);
  } catch (error) {
    console.log(`the crate is left out: ${(error as Error).message.split('\n')[0] ?? ''}`);
    return undefined;
  }
}

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { workflowOf } from '../../../engine/runtimes/comfy-ui/workflow.js';
import { programBackends } from '../../../engine/runtimes/program/backends.js';
import { parseModelAccessJobRequest, type JsonValue } from '../../../planner/index.js';
import { readWorkerConfig } from '../../../worker/config.js';

const doc = await readFile(new URL('../../../docs/runtimes.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...doc.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

describe('docs/runtimes.md', () => {
  it('has requests that parse, and a workflow that can be queued', () => {
    const requests = blocks('json')
      .map((block) => JSON.parse(block) as { kind?: string })
      .filter(({ kind }) => kind !== undefined)
      .map(parseModelAccessJobRequest);
    expect(requests.map(({ backend }) => backend)).toEqual(['whisper_cpp', 'comfy_ui']);
    const input = requests[1]?.inputs[0]?.value as JsonValue;
    expect(workflowOf(input, {})).toMatchObject({ '1': { inputs: { color: 255, width: 64 } } });
  });

  it('has the templates that errors advise, as a worker reads them', () => {
    const lines = blocks('sh').flatMap((block) => block.trim().split('\n'));
    const env = Object.fromEntries(lines.map((line) => /^(\w+)='?(.*?)'?$/.exec(line)?.slice(1) as [string, string]));
    const { programs, comfyUiUrl } = readWorkerConfig(env).activities.runtime.settings;
    const examples = Object.entries(programBackends).map(([backend, { example }]) => [backend, example]);
    expect(programs).toEqual(Object.fromEntries(examples));
    expect(comfyUiUrl).toBe('http://127.0.0.1:8188');
  });
});

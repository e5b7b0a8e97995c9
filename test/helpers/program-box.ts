import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadRequest } from '../../engine/models/contract/model-runtime.js';
import { runtime } from '../../engine/runtimes/program/runtime.js';
import type { JsonValue, ModelSpec } from '../../planner/index.js';
import { temporaryFolder } from './activity.js';
import { bundleIn, loadRequest, runOptions } from './adapter.js';

const program = fileURLToPath(new URL('../fixtures/programs/command-line-model.js', import.meta.url));

/** A folder with a bundle of these files, where the test program runs. */
export async function programBox(names: string[]) {
  const folder = await temporaryFolder();
  const bundle = bundleIn(folder);
  for (const path of names.map((name) => join(bundle.filesDirectory, name))) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, basename(path));
  }
  return {
    folder,
    async file(name: string, content: string | Uint8Array): Promise<string> {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    async load(
      backend: string,
      template: string,
      spec: Partial<ModelSpec> = {},
      options: LoadRequest['options'] = {},
      roots: readonly string[] = [],
    ) {
      const programs = { [backend]: `'${program}' ${template}` };
      const settings = { roots: [folder, ...roots], programs };
      const { request, lines } = loadRequest({ backend, bundle, spec, options, threads: 2, settings });
      const model = await runtime.load(request);
      const { options: run, files } = await runOptions(folder);
      return {
        lines,
        files,
        run: (inputs: JsonValue[], parameters: Record<string, JsonValue> = {}, signal = run.signal) =>
          model.run(inputs, { ...run, parameters, signal }),
      };
    },
  };
}

import { modelFiles } from '../../engine/bundles/model-files.js';
import { createHubHttp } from '../../engine/hub/http.js';
import { createPathGuard } from '../../engine/workspace/paths.js';
import { parseModelAccessJobRequest } from '../../planner/index.js';
import { readWorkerConfig } from '../config.js';
import type { CommandAnswer } from './command-answer.js';

/** The files that a request chooses, as the worker's hub or its disk has them now. */
export async function answerFiles(input: unknown): Promise<CommandAnswer> {
  const request = parseModelAccessJobRequest(input);
  const { home, roots, secretFiles, hub } = readWorkerConfig(process.env).activities;
  const access = { hub, http: createHubHttp(hub) };
  const work = { signal: new AbortController().signal, report: () => undefined };
  return {
    answer: await modelFiles(access, request, createPathGuard(roots, { home, secretFiles }), work),
    valid: true,
  };
}

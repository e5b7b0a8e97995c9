import type { Command } from 'commander';
import {
  modelFilesSchema,
  needsListing,
  parseModelAccessJobRequest,
  planRequest,
  selectionOf,
  type ModelAccessJobRequest,
  type ModelFiles,
} from '../../../planner/index.js';
import { requestOf } from '../build-request.js';
import { printJson, printLine, type CliIo } from '../io.js';
import { renderModelFiles } from '../render/model-files.js';
import { renderPlan } from '../render/plan.js';
import type { Cli } from './cli-state.js';
import { addRequestOptions, jsonOption, type RequestOptions } from './options.js';

/** `plan`: what a request would do. Needs no server; patterns, and `--files`, ask the hub. */
export function addPlanCommand(program: Command, cli: Cli): void {
  addRequestOptions(program.command('plan').description('show what a request would do, without a server'))
    .option('--files', "ask the hub for the model's files and their bytes, also where no pattern stands for them")
    .addOption(jsonOption('the plan'))
    .action((file: string | undefined, options: PlanOptions) => showPlan(cli, file, options));
}

type PlanOptions = RequestOptions & { files?: boolean };

async function showPlan({ io, json }: Cli, file: string | undefined, options: PlanOptions): Promise<void> {
  const request = parseModelAccessJobRequest(await requestOf(io, file, options));
  const plan = planRequest(request);
  const asks = options.files ?? needsListing(selectionOf(request));
  const files = asks ? await filesOf(io, request) : undefined;
  if (json) printJson(io, { ...plan, ...(files ? { modelFiles: files } : {}) });
  else printLine(io, files ? `${renderPlan(plan)}\n${renderModelFiles(files)}` : renderPlan(plan));
}

async function filesOf(io: CliIo, request: ModelAccessJobRequest): Promise<ModelFiles> {
  const { askWorker } = await import('../../processes/ask-worker.js');
  return (await askWorker('files', request, modelFilesSchema(), io.env)).answer;
}

import type { Command } from 'commander';
import { parseModelAccessJobRequest, planRequest } from '../../../planner/index.js';
import { requestOf } from '../build-request.js';
import { printJson, printLine } from '../io.js';
import { renderPlan } from '../render/plan.js';
import type { Cli } from './cli-state.js';
import { addRequestOptions, jsonOption, type RequestOptions } from './options.js';

/** `plan`: what a request would do. Needs no server. */
export function addPlanCommand(program: Command, cli: Cli): void {
  addRequestOptions(program.command('plan').description('show what a request would do, without a server'))
    .addOption(jsonOption('the plan'))
    .action((file: string | undefined, options: RequestOptions) => showPlan(cli, file, options));
}

async function showPlan({ io, json }: Cli, file: string | undefined, options: RequestOptions): Promise<void> {
  const plan = planRequest(parseModelAccessJobRequest(await requestOf(io, file, options)));
  if (json) printJson(io, plan);
  else printLine(io, renderPlan(plan));
}

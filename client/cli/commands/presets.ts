import type { Command } from 'commander';
import { modelPresets, modelSpecFromPreset } from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import { renderPresets } from '../render/presets.js';
import type { Cli } from './cli-state.js';
import { jsonOption } from './options.js';

/** `presets`: the crate's models, or the spec of one of them, ready for a request. Needs no server. */
export function addPresetsCommand(program: Command, cli: Cli): void {
  program
    .command('presets')
    .description('list model presets, or print the model spec of one')
    .argument('[id]', 'preset id')
    .addOption(jsonOption('the presets'))
    .action((id: string | undefined) => showPresets(cli, id));
}

function showPresets({ io, json }: Cli, id: string | undefined): void {
  if (id !== undefined) printJson(io, modelSpecFromPreset(id));
  else if (json) printJson(io, modelPresets);
  else printLine(io, renderPresets(modelPresets));
}

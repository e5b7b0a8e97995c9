import { Option, type Command } from 'commander';
import type { DevFacts } from '../dev/dev.js';
import { printJson, printLine, type CliIo } from '../io.js';
import { table } from '../render/text.js';
import type { Cli } from './cli-state.js';
import { jsonOption, parsePort } from './options.js';

interface Ports {
  port?: number;
  uiPort?: number;
}

/** `dev`: Temporal server, Web UI and worker in one, until Ctrl-C. */
export function addDevCommand(program: Command, cli: Cli): void {
  const port = (flags: string, what: string): Option => new Option(flags, what).argParser(parsePort);
  program
    .command('dev')
    .description('run a Temporal server, its Web UI and a worker until Ctrl-C')
    .addOption(port('--port <port>', "the server's port (7233 where free, else any; 0 for any)"))
    .addOption(port('--ui-port <port>', "the Web UI's port (8233 where free, else any; 0 for any)"))
    .addOption(jsonOption('the addresses'))
    .action((ports: Ports) => dev(cli, ports));
}

async function dev({ io, json }: Cli, { port, uiPort }: Ports): Promise<void> {
  const { runDev } = await import('../dev/dev.js');
  await runDev(io, {
    ...(port === undefined ? {} : { port }),
    ...(uiPort === undefined ? {} : { uiPort }),
    onReady: (facts) => (json ? printJson(io, facts) : printFacts(io, facts)),
  });
}

function printFacts(io: CliIo, { address, uiUrl, taskQueue, home }: DevFacts): void {
  const rows = [
    ['Temporal server', address],
    ...(uiUrl ? [['Web UI', uiUrl]] : []),
    ['task queue', taskQueue],
    ['home', home],
  ];
  printLine(io, `ready\n${table(rows)}\nCtrl-C stops it.`);
}

import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import type { RepoOptions } from './options.js';
import { startHub } from './start-hub.js';

interface Flags {
  repo: Record<string, RepoOptions>;
  port: number;
  bytesPerSecond?: number;
  firstByteDelay?: number;
}

const program = new Command('hub')
  .description('Serves folders as model repositories by the Hugging Face protocol, on the loopback address.')
  .requiredOption('--repo <id=folder>', 'a repository and its folder; may be given several times', addRepo)
  .option('--port <port>', 'default: any free port', toCount, 0)
  .option('--bytes-per-second <bytes>', 'limit of each connection', toCount)
  .option('--first-byte-delay <ms>', 'how long each answer waits', toCount)
  .parse();
const flags = program.opts<Flags>();

const hub = await startHub({
  repos: flags.repo,
  port: flags.port,
  ...(flags.bytesPerSecond !== undefined && { bytesPerSecond: flags.bytesPerSecond }),
  ...(flags.firstByteDelay !== undefined && { firstByteDelayMs: flags.firstByteDelay }),
}).catch((error: unknown) => program.error(error instanceof Error ? error.message : String(error)));
process.stdout.write(`${JSON.stringify({ url: hub.url, cdnUrl: hub.cdnUrl })}\n`);

await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await hub.close();

function addRepo(value: string, before: Record<string, RepoOptions> = {}): Record<string, RepoOptions> {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1) {
    throw new InvalidArgumentError(`"${value}" must be an id, "=" and a folder`);
  }
  return { ...before, [value.slice(0, at)]: { folder: value.slice(at + 1) } };
}

function toCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0) {
    throw new InvalidArgumentError(`"${value}" must be a whole number, 0 or more`);
  }
  return count;
}

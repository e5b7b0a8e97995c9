import { loopback, type Ports } from './ports.js';

/**
 * By default the dev server polls each queue of its one shard 20 times a second, so that every task waits up to 50 ms.
 * The single partitions avoid rare stalls of 2 s that the raised rates bring. The version check would call a host outside.
 */
const dynamicConfig = [
  'history.transferProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxPollRPS=1000',
  'history.visibilityProcessorMaxPollRPS=1000',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'frontend.enableServerVersionCheck=false',
];

/** With these a commit needs no wait for the disk, and what was committed survives a killed process. */
const sqlitePragmas = ['journal_mode=WAL', 'synchronous=NORMAL'];

/**
 * The arguments of `temporal` for a dev server on the loopback interface. The HTTP and metrics ports are left to the
 * server, which takes free ones. A data file must be named relative to the working folder and in plain letters:
 * the server makes a URI of the name, and would cut a path at `?` or `#`.
 */
export function serverFlags({ port, uiPort }: Ports, dataFile?: string): string[] {
  return [
    ...['server', 'start-dev', '--ip', loopback, '--port', String(port), '--ui-port', String(uiPort)],
    ...['--log-level', 'warn'],
    ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
    ...(dataFile ? ['--db-filename', dataFile, ...sqlitePragmas.flatMap((value) => ['--sqlite-pragma', value])] : []),
  ];
}

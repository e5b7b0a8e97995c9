import { findServer } from './find-server.js';
import { startDevServer, type DevServer, type StartOptions } from './start-server.js';

/** A server to work with: one that runs elsewhere, or one that was started and ends with `stop`. */
export type OpenServer =
  { kind: 'address'; address: string; stop: () => Promise<void> } | ({ kind: 'started' } & DevServer);

/**
 * Uses the server that `TEMPORAL_ADDRESS` names, which `stop` leaves alone, else starts a dev server.
 *
 * @throws ModelJobError as `findServer` and `startDevServer`
 */
export async function openServer(options: StartOptions): Promise<OpenServer> {
  const found = await findServer(options);
  if (found.kind === 'address') return { ...found, stop: () => Promise.resolve() };
  return { kind: 'started', ...(await startDevServer({ ...options, executable: found.path })) };
}

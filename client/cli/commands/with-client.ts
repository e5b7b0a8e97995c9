import type { CliIo } from '../io.js';
import type { ModelJobsClient } from '../../job-client.js';

/**
 * Connects, works and closes. The Temporal client is loaded only here, so that commands without a server are quick.
 *
 * @throws NoServerError
 */
export async function withClient<T>(io: CliIo, work: (client: ModelJobsClient) => Promise<T>): Promise<T> {
  const { ModelJobsClient: Client } = await import('../../job-client.js');
  const client = await Client.connect({ env: io.env });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

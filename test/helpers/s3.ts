import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { choosePorts, loopback } from '../../client/dev-server/ports.js';
import { openS3 } from '../../engine/storage/s3/client.js';
import { memoryDisk } from './activity.js';
import { findS3Program } from './s3-program.js';

/** A real S3 server on the loopback interface. */
export interface S3Server {
  endpoint: string;
  /** What a worker finds it by. */
  env: Record<string, string>;
  /** Makes a bucket. */
  bucket(name: string): Promise<void>;
  stop(): Promise<void>;
}

const readyMs = 20_000;

/**
 * Starts a server over an empty folder, and names it in this process's environment until it stops. Undefined, with one
 * line on the console, where there is none.
 */
export async function startS3Server(): Promise<S3Server | undefined> {
  const program = await findS3Program();
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(memoryDisk, 'model-jobs-test-s3-'));
  const { port } = await choosePorts({ port: 0, uiPort: 0 });
  await Promise.all(['data', 'notes'].map((name) => mkdir(join(folder, name))));
  const endpoint = `http://${loopback}:${port}`;
  const keys = { AWS_ACCESS_KEY_ID: 'test-key', AWS_SECRET_ACCESS_KEY: 'test-secret' };
  const env = { ...keys, AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: 'us-east-1' };
  const where = ['--port', `${loopback}:${port}`, '--quiet', '--access', keys.AWS_ACCESS_KEY_ID];
  const backend = ['posix', '--sidecar', join(folder, 'notes'), join(folder, 'data')];
  const args = [...where, '--secret', keys.AWS_SECRET_ACCESS_KEY, ...backend];
  const server = execa(program, args, { cwd: tmpdir(), stdin: 'ignore', reject: false, all: true });
  const before = { ...process.env };
  Object.assign(process.env, env);
  await waitForAnswer(endpoint, server);
  return {
    endpoint,
    env,
    async bucket(name) {
      const { client, CreateBucketCommand } = await openS3();
      await client.send(new CreateBucketCommand({ Bucket: name }));
    },
    async stop() {
      (await openS3()).client.destroy();
      for (const name of Object.keys(env)) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
      server.kill();
      await server;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitForAnswer(endpoint: string, server: PromiseLike<{ all?: string }>): Promise<void> {
  const late = Date.now() + readyMs;
  let ended: string | undefined;
  void server.then(({ all }) => (ended = all ?? ''));
  for (;;) {
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (ended !== undefined || Date.now() > late)
      throw new Error(`the S3 server did not start: ${ended ?? 'too slow'}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

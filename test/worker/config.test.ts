import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWorkerConfig } from '../../worker/config.js';
import { temporaryFolder } from '../helpers/activity.js';

describe("the worker's configuration", () => {
  it('needs no variable at all', () => {
    const config = readWorkerConfig({});
    expect(config).toMatchObject({ taskQueue: 'model-jobs', maxActivities: 16, logLevel: 'info' });
    expect(config.activities).toMatchObject({
      home: resolve('.model-jobs'),
      roots: [resolve('.model-jobs/data')],
      commands: [],
      hub: { endpoint: 'https://huggingface.co', offline: false },
    });
  });

  it('follows the variables of the Hugging Face tools', () => {
    const { hub } = readWorkerConfig({
      HF_ENDPOINT: 'http://127.0.0.1:8080/',
      HF_TOKEN: 't',
      HF_HOME: '/hf',
      HF_HUB_OFFLINE: 'yes',
      HF_HUB_DOWNLOAD_TIMEOUT: '5',
    }).activities;
    expect(hub).toEqual({
      endpoint: 'http://127.0.0.1:8080',
      auth: { scheme: 'Bearer', value: 't' },
      cacheDir: join('/hf', 'hub'),
      offline: true,
      refuseUnverified: false,
      maxConnections: 32,
      timeouts: { metadataMs: 20_000, firstByteMs: 5000, stallMs: 5000 },
    });
    expect(readWorkerConfig({ HF_HOME: '/hf', HF_HUB_CACHE: '/cache' }).activities.hub.cacheDir).toBe('/cache');
  });

  it('keeps user and password of the hub out of its address, and sends them instead of a token', () => {
    const { hub } = readWorkerConfig({ HF_ENDPOINT: 'http://me:pa%40ss@hub.test/prefix/', HF_TOKEN: 't' }).activities;
    expect(hub).toMatchObject({
      endpoint: 'http://hub.test/prefix',
      auth: { scheme: 'Basic', value: Buffer.from('me:pa@ss').toString('base64') },
    });
  });

  it('refuses an address and a token that no request can carry, without showing a secret', () => {
    expect(() => readWorkerConfig({ HF_ENDPOINT: 'hf-mirror.test' })).toThrow(
      /HF_ENDPOINT: expected an address such as/,
    );
    const secret = (): unknown => readWorkerConfig({ HF_TOKEN: 'hf_se cret' });
    expect(secret).toThrow(/HF_TOKEN\) has characters that no header can carry/);
    expect(secret).not.toThrow(/se cret/);
    const password = (): unknown => readWorkerConfig({ HF_ENDPOINT: 'ftp://me:pass@hub.test' });
    expect(password).toThrow(/HF_ENDPOINT: expected an address/);
    expect(password).not.toThrow(/pass/);
  });

  it('waits as long as a proxy needs that fills its own cache first', () => {
    const { hub } = readWorkerConfig({ HF_HUB_DOWNLOAD_TIMEOUT: '86400', HF_HUB_ETAG_TIMEOUT: '86400' }).activities;
    expect(hub.timeouts).toEqual({ metadataMs: 86_400_000, firstByteMs: 86_400_000, stallMs: 600_000 });
  });

  it('reads lists as PATH is read', () => {
    const { roots, commands } = readWorkerConfig({
      MODEL_JOBS_ROOTS: '/data:/models',
      MODEL_JOBS_COMMANDS: 'python3:/opt/bin/run',
    }).activities;
    expect({ roots, commands }).toEqual({ roots: ['/data', '/models'], commands: ['python3', '/opt/bin/run'] });
  });

  it('takes places on S3 among the roots, as they are', () => {
    const roots = (text: string): readonly string[] => readWorkerConfig({ MODEL_JOBS_ROOTS: text }).activities.roots;
    expect(roots('s3://bucket/in:/data:s3://other')).toEqual(['s3://bucket/in', '/data', 's3://other']);
    expect(roots('/data://x')).toEqual(['/data', '/x']);
    expect(() => roots('gs://bucket')).toThrow(/MODEL_JOBS_ROOTS: .gs:\/\/bucket. is neither a path nor s3/);
  });

  it('adds the commands of a policy, and refuses a bad one by file, line and field', async () => {
    const file = join(await temporaryFolder(), 'policy.json');
    await writeFile(file, '{"commands": [{"program": "cat", "args": ["-n"]}]}');
    const { commands } = readWorkerConfig({ MODEL_JOBS_POLICY: file, MODEL_JOBS_COMMANDS: 'true' }).activities;
    expect(commands).toEqual([{ program: 'cat', args: [{ exact: '-n' }] }, 'true']);
    await writeFile(file, '{"commands": [\n{"program": "cat", "args": 1}]}');
    const refused = new RegExp(`MODEL_JOBS_POLICY: ${file}:2: commands\\[0\\].args: expected`);
    expect(() => readWorkerConfig({ MODEL_JOBS_POLICY: file })).toThrow(refused);
    expect(() => readWorkerConfig({ MODEL_JOBS_POLICY: `${file}.no` })).toThrow(/MODEL_JOBS_POLICY: .*can't be read/);
  });

  it('names the files with secrets that no root around them opens', () => {
    const files = readWorkerConfig({
      HF_HOME: '/hf',
      MODEL_JOBS_SIGNING_KEY: '',
      TEMPORAL_CONFIG_FILE: 'temporal.toml',
    });
    expect(files.activities.secretFiles).toEqual(['/hf/token', resolve('temporal.toml')]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readWorkerConfig({ MODEL_JOBS_TASK_QUEUE: '', HF_TOKEN: '' })).toMatchObject({ taskQueue: 'model-jobs' });
  });

  it('names each bad variable and its value', () => {
    const read = (): unknown => readWorkerConfig({ MODEL_JOBS_MAX_ACTIVITIES: 'many', MODEL_JOBS_LOG_LEVEL: 'loud' });
    expect(read).toThrow(/MODEL_JOBS_MAX_ACTIVITIES: .*"many"/);
    expect(read).toThrow(/MODEL_JOBS_LOG_LEVEL: expected one of .*"loud"/);
  });

  it('reads the command lines of backends and the address of ComfyUI', () => {
    const whisper = 'whisper-cli -m {model} -f {input} -oj -of {output}/result';
    const { settings } = readWorkerConfig({
      MODEL_JOBS_WHISPER_CPP: whisper,
      MODEL_JOBS_OPEN_CV: 'detect {input}',
      MODEL_JOBS_COMFY_UI_URL: 'http://127.0.0.1:8188',
    }).activities.runtime;
    expect(settings.programs).toEqual({ whisper_cpp: whisper, opencv: 'detect {input}' });
    expect(settings.comfyUiUrl).toBe('http://127.0.0.1:8188');
    expect(readWorkerConfig({}).activities.runtime.settings).toMatchObject({ programs: {}, comfyUiUrl: undefined });
  });

  it('names the variable of a bad command line or address', () => {
    const read = (): unknown =>
      readWorkerConfig({ MODEL_JOBS_DEMUCS: 'demucs {track}', MODEL_JOBS_CANDLE: 'candle "x' });
    expect(read).toThrow(
      /MODEL_JOBS_DEMUCS: `\{track\}` is not a placeholder; there are \{model\}, .*"demucs \{track\}"/,
    );
    expect(read).toThrow(/MODEL_JOBS_CANDLE: the quote at "x is open/);
    expect(() => readWorkerConfig({ MODEL_JOBS_COMFY_UI_URL: 'user:secret@host' })).toThrow(
      'MODEL_JOBS_COMFY_UI_URL: expected an address such as "http://127.0.0.1:8188"',
    );
  });

  it('never shows a token in an error', () => {
    expect(() => readWorkerConfig({ HF_TOKEN: 'hf_secret', HF_ENDPOINT: 'nowhere' })).toThrow(
      expect.not.stringContaining('hf_secret') as never,
    );
  });
});

describe('what a worker writes', () => {
  it('is private, unless its operator says otherwise', () => {
    expect(readWorkerConfig({}).umask).toBe(0o077);
    expect(readWorkerConfig({ MODEL_JOBS_UMASK: '022' }).umask).toBe(0o022);
    expect(() => readWorkerConfig({ MODEL_JOBS_UMASK: 'u=rwx' })).toThrow(/MODEL_JOBS_UMASK: expected three octal/);
  });
});

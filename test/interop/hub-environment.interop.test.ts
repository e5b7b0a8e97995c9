import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWith, type Python } from '../../bench/python.js';
import { readWorkerConfig } from '../../worker/config.js';

/** What Python's `huggingface_hub` makes of each environment. */
const script = `
import importlib, json, os, sys
from huggingface_hub import constants
from huggingface_hub.utils._headers import get_token_to_send

def settings(environment):
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(constants)
    return {
        'endpoint': constants.ENDPOINT,
        'cacheDir': constants.HF_HUB_CACHE,
        'offline': constants.HF_HUB_OFFLINE,
        'token': get_token_to_send(None),
    }

print(json.dumps([settings(environment) for environment in json.loads(sys.argv[1])]))
`;

let python: Python | undefined;
let home: string;

beforeAll(async () => {
  python = await pythonWith('huggingface_hub');
  home = await mkdtemp(join(tmpdir(), 'hub-environment-'));
  await mkdir(join(home, '.cache', 'huggingface'), { recursive: true });
  await mkdir(join(home, 'hf'));
  await writeFile(join(home, '.cache', 'huggingface', 'token'), 'hf_stored\n');
  await writeFile(join(home, 'hf', 'token'), '  hf_other\r\n');
  await writeFile(join(home, 'secret'), 'hf_secret\n');
}, 300_000);
afterAll(() => rm(home, { recursive: true }));

const environments: Record<string, string>[] = [
  {},
  { HF_TOKEN: 'hf_a' },
  { HF_TOKEN: 'hf_a\n' },
  { HF_TOKEN: '  hf_a\r\n' },
  { HF_TOKEN: '\n' },
  { HF_TOKEN: '', HUGGING_FACE_HUB_TOKEN: 'hf_old' },
  { HF_TOKEN: 'hf_new', HUGGING_FACE_HUB_TOKEN: 'hf_old' },
  { HF_TOKEN_PATH: '~/secret' },
  { HF_TOKEN_PATH: '$HOME/secret' },
  { HF_TOKEN_PATH: '~/absent' },
  { HF_HOME: '~/hf' },
  { HF_HOME: '${HOME}/hf' },
  { HF_HOME: '~/hf', HF_HUB_CACHE: '~/cache' },
  { HF_HUB_CACHE: '$HOME/$PLACE/${PLACE}', PLACE: 'there' },
  { HF_HUB_CACHE: '/data/$NOT_SET_HERE/${NOT_SET_EITHER}' },
  { HUGGINGFACE_HUB_CACHE: '/old' },
  { HUGGINGFACE_HUB_CACHE: '~/old', HF_HUB_CACHE: '/new' },
  { XDG_CACHE_HOME: '/xdg' },
  { XDG_CACHE_HOME: '~/xdg' },
  { XDG_CACHE_HOME: '/xdg', HF_HOME: '/home-of-hf' },
  { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' },
  { HF_HUB_DISABLE_IMPLICIT_TOKEN: 'yes', HF_TOKEN: 'hf_a' },
  ...['1', '0', 'TRUE', 'True', 'true', 'on', 'ON', 'yes', 'no', 'off', 'false', '2', 'y'].map((value) => ({
    HF_HUB_OFFLINE: value,
  })),
  { TRANSFORMERS_OFFLINE: '1' },
  { TRANSFORMERS_OFFLINE: '1', HF_HUB_OFFLINE: '0' },
  { HF_ENDPOINT: 'http://127.0.0.1:8080/' },
  { HF_ENDPOINT: 'https://proxy.test/artifactory/api/huggingfaceml/remote/' },
];

describe("the worker's hub", () => {
  it("is the one that Python's tools use, under every variable that they know", async (context) => {
    if (!python) return context.skip('no Python with huggingface_hub');
    const whole = environments.map((environment) => ({ HOME: home, ...environment }));
    const found = JSON.parse(await python.run(['-c', script, JSON.stringify(whole)])) as unknown[];
    const ours = whole.map((env) => {
      const { endpoint, cacheDir, offline, auth } = readWorkerConfig(env).activities.hub;
      return { endpoint, cacheDir, offline, token: auth?.value ?? null };
    });
    expect(whole.map((env, index) => ({ env, settings: ours[index] }))).toEqual(
      whole.map((env, index) => ({ env, settings: found[index] })),
    );
  });
});

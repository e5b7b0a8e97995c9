import { expect, it } from 'vitest';
import { environmentForPrograms } from '../../../system/processes/environment.js';

const secrets = {
  DATABASE_URL: 'postgres://u:pw@db',
  HTTPS_PROXY: 'http://u:pw@proxy',
  TEMPORAL_GRPC_META_AUTHORIZATION: 'Bearer x',
  STRIPE_KEY: 'x',
  DB_PASSWD: 'x',
  REGISTRY_AUTH: 'x',
  HF_TOKEN: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  NODE_OPTIONS: '--require x',
  LD_PRELOAD: '/x.so',
};
const plain = { PATH: '/bin', HOME: '/root', LANG: 'C.UTF-8', LC_TIME: 'de_DE', TZ: 'UTC', TMPDIR: '/tmp' };

it('programs get a few variables by name, whatever the others are called', () => {
  expect(environmentForPrograms({ ...secrets, ...plain })).toEqual(plain);
});

it('an operator adds variables, for programs and for what they start', () => {
  const env = { ...secrets, ...plain, MODEL_JOBS_PASS_ENV: 'HTTPS_PROXY:ABSENT' };
  const once = environmentForPrograms(env);
  expect(once).toEqual({ ...plain, HTTPS_PROXY: secrets.HTTPS_PROXY, MODEL_JOBS_PASS_ENV: 'HTTPS_PROXY:ABSENT' });
  expect(environmentForPrograms(once)).toEqual(once);
});

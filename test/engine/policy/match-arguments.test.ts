import { describe, expect, it } from 'vitest';
import { matchArguments } from '../../../engine/policy/match-arguments.js';
import { readPolicy } from '../../../engine/policy/read-policy.js';
import { ModelJobError } from '../../../planner/index.js';

describe('the rules for arguments', () => {
  it('admit a text, one of some, a pattern that all of it fits, and a number in a range', async () => {
    const rules = [
      'run',
      { oneOf: ['fast', 'good'] },
      { pattern: 'a|bc' },
      { number: { min: 1, max: 8, integer: true } },
    ];
    expect(await admitted(rules, ['run', 'good', 'bc', '8'])).toBe(true);
    for (const [at, wrong] of [
      ...['Run', 'run ', ''].map((text) => [0, text] as const),
      ...['', 'fastgood', 'constructor'].map((text) => [1, text] as const),
      ...['abc', 'bcd', 'xa', 'a\n', '\na', 'a\0'].map((text) => [2, text] as const),
      ...['9', '0', '1.5', '0x3', '1e400', 'NaN', '', ' 3', '3\n', 'Infinity', '٣'].map((text) => [3, text] as const),
    ]) {
      const args = ['run', 'good', 'bc', '8'];
      args[at] = wrong;
      expect(await refusal(rules, args), JSON.stringify(wrong)).toMatchObject({ index: at, rules: [`args[${at}]`] });
    }
  });

  it('refuse what no rule names, and a lack of what one names', async () => {
    expect(await refusal(['a'], ['a', 'b'])).toMatchObject({ index: 1, expected: ['no more arguments'] });
    expect(await refusal(['a', 'b'], ['a'])).toMatchObject({ index: 1, rules: ['args[1]'] });
    expect(await refusal([], ['-c'])).toMatchObject({ index: 0 });
    expect(await admitted([], [])).toBe(true);
  });

  it('leave out what is optional, and repeat what may', async () => {
    const rules = [{ exact: '-v', optional: true }, { path: true, repeat: true }, { exact: 'end' }];
    expect(await admitted(rules, ['in/a', 'in/b', 'end'])).toBe(true);
    expect(await admitted(rules, ['-v', 'in/a', 'end'])).toBe(true);
    expect(await admitted(rules, ['-v', 'end'])).toBe(false);
    expect(await admitted(rules, ['-v', '-v', 'in/a', 'end'])).toBe(false);
  });

  it('take options in any order, with their values behind them or behind =', async () => {
    const options = { '--beam': { number: { min: 1, max: 5 } }, '--fast': true, '-m': { path: true } };
    const rules = [{ options }, { path: true }];
    expect(await admitted(rules, ['in/a'])).toBe(true);
    expect(await admitted(rules, ['--fast', '--beam', '3', '-m', 'in/m', 'in/a'])).toBe(true);
    expect(await admitted(rules, ['--beam=5', 'in/a'])).toBe(true);
    for (const args of [
      ['--beam', '6', 'in/a'],
      ['--beam=6', 'in/a'],
      ['--beam', 'in/a'],
      ['--fast=1', 'in/a'],
      ['in/a', '--fast'],
      ['--__proto__', 'in/a'],
      ['-m=in/m', 'in/a'],
      ['--beam'],
    ])
      expect(await admitted(rules, args), args.join(' ')).toBe(false);
    expect(await refusal(rules, ['--beam', '6'])).toMatchObject({ index: 1, rules: ['args[0].options["--beam"]'] });
  });

  it('hand paths on in full, and take no option for one', async () => {
    const rules = [{ options: { '--model': { path: true } } }, { path: true }];
    expect(await match(rules, ['--model=in/m', 'in/../in/a'])).toEqual({
      args: ['--model=/roots/in/m', '/roots/in/a'],
    });
    for (const path of ['out/a', '-rf', '--help', '', '/etc/passwd', 'in/../../etc'])
      expect(await admitted(rules, [path]), path).toBe(false);
  });

  it('need no more time for a nasty pattern than for another', async () => {
    const startedAt = Date.now();
    expect(await admitted([{ pattern: '(a+)+b' }], ['a'.repeat(4000)])).toBe(false);
    const many = Array.from({ length: 100 }, () => ({ pattern: '.*', optional: true, repeat: true }));
    expect(
      await admitted(
        [...many, 'end'],
        Array.from({ length: 20 }, () => 'x'),
      ),
    ).toBe(false);
    expect(Date.now() - startedAt).toBeLessThan(5000);
  });
});

/** Held against the rules of a policy. Paths are resolved in `/roots`, of which `in` may be used. */
async function match(args: unknown[], given: string[]): ReturnType<typeof matchArguments> {
  const rules = readPolicy(JSON.stringify({ commands: [{ program: 'x', args }] }), 'policy').commands[0]?.args;
  if (rules === undefined || rules === 'any') throw new Error('no rules');
  return matchArguments(rules, given, (path) => {
    const full = new URL(path, 'file:///roots/').pathname;
    if (full.startsWith('/roots/in')) return Promise.resolve(full);
    return Promise.reject(new ModelJobError('PermissionDenied', `${path} is outside`));
  });
}

async function admitted(args: unknown[], given: string[]): Promise<boolean> {
  return 'args' in (await match(args, given));
}

async function refusal(args: unknown[], given: string[]): Promise<unknown> {
  const matched = await match(args, given);
  expect(matched).toHaveProperty('index');
  return matched;
}

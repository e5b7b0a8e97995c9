import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../../engine/policy/read-policy.js';

const rules = `{
  // What jobs may run.
  "commands": [
    {
      "program": "python3",
      "args": ["/opt/run.py", { "number": { "min": 1 } }],
    },
  ],
}`;

describe('a policy', () => {
  it('is JSON with comments, in which a text is an exact argument', () => {
    expect(readPolicy(rules, 'policy.json')).toEqual({
      commands: [{ program: 'python3', args: [{ exact: '/opt/run.py' }, { number: { min: 1 } }] }],
      secrets: {},
    });
  });

  it.each([
    [
      'a value of another kind',
      '"min": 1',
      '"min": "one"',
      /policy.json:6: commands\[0\].args\[1\].number.min: .*"one"/,
    ],
    ['a field that there is not', '"program"', '"programm"', /policy.json:5: commands\[0\]: unknown key "programm"/],
    [
      'a pattern that is none',
      '{ "number": { "min": 1 } }',
      '{ "pattern": "(" }',
      /:6: .*args\[1\].pattern: no expression/,
    ],
    [
      'a rule of two kinds',
      '{ "number"',
      '{ "exact": "a", "number"',
      /:6: commands\[0\].args\[1\]: expected one of the/,
    ],
    ['a relative program', 'python3', './python3', /:5: commands\[0\].program: expected a name, or an absolute path/],
    ['a field that stands twice', '"program": "python3"', '"args": "any", "program": "python3"', /:6: args: .* twice/],
    ['a comma that is missing', '"python3",', '"python3"', /:6: no JSON: CommaExpected/],
    ['an end that comes soon', '],\n    },', '', /policy.json:\d+: no JSON/],
  ])('is refused for %s, by line and field', (_, from, to, message) => {
    expect(rules).toContain(from);
    expect(() => readPolicy(rules.replace(from, to), 'policy.json')).toThrow(message);
  });

  it('says what the arguments are of every program', () => {
    expect(() => readPolicy('{"commands": [{"program": "a"}]}', 'p')).toThrow(
      /p:1: commands\[0\].args: expected .*any/,
    );
    expect(() => readPolicy('', 'p')).toThrow(/p:1: /);
  });
});

import { describe, expect, it } from 'vitest';
import { programBackends } from '../../../engine/runtimes/program/backends.js';
import { checkParameters, fillTemplate, type TemplateValues } from '../../../engine/commands/template/fill-template.js';
import { parseArgument } from '../../../engine/commands/template/parse-argument.js';
import { splitWords } from '../../../engine/commands/template/split-words.js';
import { parseTemplate } from '../../../engine/commands/template/template.js';
import { ModelJobError, type JsonValue } from '../../../planner/index.js';

describe('words of a command line', () => {
  it.each<[string, string[]]>([
    ['a  b\tc', ['a', 'b', 'c']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`--x='1 2'"3 4"5`, ['--x=1 23 45']],
    [String.raw`a\ b "c\"d\\e\n" 'f\g'`, ['a b', String.raw`c"d\e\n`, String.raw`f\g`]],
    [`'' ""`, ['', '']],
    [`$HOME * ~ 'a|b' c|d '|'`, ['$HOME', '*', '~', 'a|b', 'c|d', '|']],
    ['', []],
  ])('are split as a shell would: %s', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it.each([
    ['a "b', 'the quote at "b is open'],
    [`a 'b`, `the quote at 'b is open`],
    ['a \\', 'it ends in a backslash'],
    ['a | b', '`|` is for a shell, and no shell reads this'],
    ['a > b', '`>` is for a shell'],
  ])('are refused where a shell would do more: %s', (text, message) => {
    expect(() => splitWords(text)).toThrow(message);
  });
});

describe('a template', () => {
  it('fills one argument from each of its words, whatever the values hold', () => {
    expect(fill('run -m {model} {model:a/b.onnx} --in={input} -o {output}/x {text} -t {threads} {bundle}')).toEqual([
      '-m',
      '/files/only.bin',
      '/files/a/b.onnx',
      '--in=/in put.wav',
      '-o',
      '/out/x',
      'say "hi"; rm -rf *',
      '-t',
      '2',
      '/files',
    ]);
  });

  it('takes parameters of the request, or its own fallback', () => {
    const template = 'run -l {param:language=auto} -n {param:count=-1} {param:flag=}';
    expect(fill(template)).toEqual(['-l', 'auto', '-n', '-1', '']);
    expect(fill(template, { language: 'de --evil', count: -2, flag: true })).toEqual([
      '-l',
      'de --evil',
      '-n',
      '-2',
      'true',
    ]);
  });

  it('keeps doubled braces for the program', () => {
    expect(fill('demucs --filename {{track}}/{{stem}}.{{ext}} {input}')).toEqual([
      '--filename',
      '{track}/{stem}.{ext}',
      '/in put.wav',
    ]);
  });

  it.each<[string, Record<string, JsonValue>, string]>([
    ['run {param:a}', {}, 'options.parameters.a is missing'],
    ['run {param:a}', { a: ['x'] }, 'options.parameters.a must be a text, a number or a boolean, not ["x"]'],
    ['run {param:a}', { a: '--output=/etc' }, 'options.parameters.a begins with `-`'],
    ['run x{param:a}', { a: 'a\0b' }, 'options.parameters.a must not hold a NUL byte'],
  ])('refuses what would change the command: %s with %j', (template, parameters, message) => {
    expect(() => fill(template, parameters)).toThrow(message);
  });

  it('lets a value begin with a dash where it can be no option', () => {
    expect(fill('run --a={param:a} -- {param:a}', { a: '-x' })).toEqual(['--a=-x', '--', '-x']);
  });

  it('refuses parameters that it has no place for', () => {
    const template = parseTemplate('run {param:a} {param:b=1}');
    expect(() => checkParameters(template, { a: 1, c: 2 })).toThrow('unknown c; the program takes a, b');
    expect(() => checkParameters(parseTemplate('run'), { c: 2 })).toThrow('unknown c; the program takes none');
  });

  it.each([
    ['', 'it names no program'],
    ['{model} x', 'its program must not have a placeholder'],
    ['run {modle}', '`{modle}` is not a placeholder; there are {model}, {bundle}, {input}'],
    ['run {param}', '`{param}` lacks a name: {param:name}'],
    ['run {output:x}', '`{output:x}` takes nothing behind a colon'],
    ['run {input:x}', '`{input:x}` names no form; there are {input:wav}, {input:wav@16000} and {input:png}'],
    ['run {input:png@16000}', '`{input:png@16000}` names no form'],
    ['run {input:wav@0}', '`{input:wav@0}` names no form'],
    ['run {model=x}', '`{model=x}` takes no fallback'],
    ['run {input', '`{input` has a lone `{`; write it twice'],
  ])('says what is wrong with it: %s', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });

  it.each(Object.entries(programBackends))('has an example for %s that is right', (_backend, { example }) => {
    expect(fill(example)).not.toHaveLength(0);
  });
});

function fill(template: string, parameters: Record<string, JsonValue> = {}): string[] {
  const values: TemplateValues = {
    model: (path) => (path === undefined ? '/files/only.bin' : `/files/${path}`),
    bundle: () => '/files',
    input: () => '/in put.wav',
    text: () => 'say "hi"; rm -rf *',
    output: '/out',
    threads: 2,
    parameters,
  };
  return fillTemplate(parseTemplate(template), values);
}

describe('an argument of a request', () => {
  it.each<[string, unknown[]]>([
    ['{model}', [{ name: 'model' }]],
    ['a{param:beam=5}b', ['a', { name: 'param', argument: 'beam', fallback: '5' }, 'b']],
    ['{"text": {"a": 1}} {} { } {print $1} ${text} {0} {x}', ['{"text": {"a": 1}} {} { } {print $1} ${text} {0} {x}']],
    ['{{text}} {{x}} {{modle}}', ['{text} {{x}} {modle}']],
  ])('is read: %s', (text, pieces) => {
    const joined = parseArgument(text).reduce<unknown[]>((all, piece) => {
      const last = all.at(-1);
      if (typeof piece === 'string' && typeof last === 'string') return [...all.slice(0, -1), last + piece];
      return piece === '' ? all : [...all, piece];
    }, []);
    expect(joined).toEqual(pieces);
  });

  it.each(['{modle}', '{inputs}', '{bundel:x}', '{param}', '{output:x}'])('is refused for %s', (text) => {
    expect(() => parseArgument(text)).toThrow(ModelJobError);
  });
});

import type { ArgumentRule } from './argument-rule.js';
import { checkValue, type Checked, type PathCheck } from './check-value.js';

/** The most arguments that are held against rules. */
const maxArguments = 4096;

/** Where a reading of the arguments is: before the rule `at`, or before the value of its option `option`. */
interface State {
  at: number;
  option?: string;
  /** The arguments so far, as the program gets them. */
  args: readonly string[];
}

/** Arguments as the program gets them; or the first that no rule admits, with the rules that stood there. */
export type Matched = { args: readonly string[] } | { index: number; rules: string[]; expected: string[] };

/** Holds a command's arguments against its rules, place by place. */
export async function matchArguments(
  rules: readonly ArgumentRule[],
  args: readonly string[],
  checkPath: PathCheck,
): Promise<Matched> {
  if (args.length > maxArguments) return { index: maxArguments, rules: ['args'], expected: ['no more arguments'] };
  let states = reachable(rules, [{ at: 0, args: [] }]);
  for (const [index, text] of args.entries()) {
    const tried = await Promise.all(
      states.map(async (state) => ({ state, steps: await stepsOf(rules, state, text, checkPath) })),
    );
    const next = tried.flatMap(({ steps }) => ('expected' in steps ? [] : steps.states));
    if (next.length === 0) return refusedAt(index, tried);
    states = reachable(rules, next);
  }
  const end = states.find(({ at, option }) => at === rules.length && option === undefined);
  if (end) return { args: end.args };
  const missing = states.filter(({ at }) => at < rules.length);
  const tried = missing.map((state) => ({ state, steps: { expected: 'one more argument' } }));
  return refusedAt(args.length, tried);
}

type Steps = { states: State[] } | { expected: string };

function refusedAt(index: number, tried: readonly { state: State; steps: Steps }[]): Matched {
  const rules = tried.map(
    ({ state: { at, option } }) => `args[${at}]${option === undefined ? '' : `.options["${option}"]`}`,
  );
  const expected = tried.flatMap(({ steps }) => ('expected' in steps ? [steps.expected] : []));
  return { index, rules: [...new Set(rules)], expected: [...new Set(expected)] };
}

/** Where one argument leads from a state. */
async function stepsOf(
  rules: readonly ArgumentRule[],
  { at, option, args }: State,
  text: string,
  checkPath: PathCheck,
): Promise<Steps> {
  const rule = rules[at];
  if (!rule) return { expected: 'no more arguments' };
  if (rule.options) return optionSteps(rule.options, { at, option, args }, text, checkPath);
  const checked = await checkValue(rule, text, checkPath);
  if ('expected' in checked) return checked;
  const read = [...args, checked.argument];
  return { states: [...(rule.repeat ? [{ at, args: read }] : []), { at: at + 1, args: read }] };
}

async function optionSteps(
  options: NonNullable<ArgumentRule['options']>,
  { at, option, args }: { at: number; option: string | undefined; args: readonly string[] },
  text: string,
  checkPath: PathCheck,
): Promise<Steps> {
  const rule = (name: string) => (Object.hasOwn(options, name) ? options[name] : undefined);
  const read = (checked: Checked, prefix = ''): Steps =>
    'expected' in checked ? checked : { states: [{ at, args: [...args, prefix + checked.argument] }] };
  const value = option === undefined ? undefined : rule(option);
  if (value !== undefined && value !== true) return read(await checkValue(value, text, checkPath));
  if (rule(text) === true) return read({ argument: text });
  if (rule(text) !== undefined) return { states: [{ at, option: text, args: [...args, text] }] };
  const [, name = '', given = ''] = /^(--[^=]+)=([\s\S]*)$/.exec(text) ?? [];
  const inline = rule(name);
  if (inline !== undefined && inline !== true) return read(await checkValue(inline, given, checkPath), `${name}=`);
  return { expected: Object.keys(options).join(' or ') };
}

/** These states and those that are reached without an argument, each place once. */
function reachable(rules: readonly ArgumentRule[], states: readonly State[]): State[] {
  const found = new Map<string, State>();
  for (const state of states) {
    for (let { at } = state, open = true; open; at++) {
      const here = at === state.at ? state : { at, args: state.args };
      const key = `${at} ${here.option ?? ''}`;
      if (!found.has(key)) found.set(key, here);
      const rule = rules[at];
      open = here.option === undefined && rule !== undefined && (rule.optional === true || rule.options !== undefined);
    }
  }
  return [...found.values()];
}

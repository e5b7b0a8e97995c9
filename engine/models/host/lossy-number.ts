import { ModelJobError } from '../../../planner/index.js';
import { endOfString } from '../contract/json-members.js';

/** What a text must hold to have a number that may be lost: many digits, or an exponent. */
const suspicious = /\d(?:[eE]|[\d.]{15})/;

/** A number of JSON, or where a text begins. */
const token = /"|-?\d+(\.\d+)?([eE][+-]?\d+)?/g;

/** The most digits that a double can be asked for. */
const mostDigits = 100;

/** Which numbers are looked at: integers too, unless it is said otherwise. */
export interface LossyNumbers {
  integers?: boolean;
}

/**
 * A number that would reach the model as another one is its row's fault, not a guess of ours.
 *
 * @throws ModelJobError `InvalidArgument` that names the number
 */
export function refuseLossy(json: string, which?: LossyNumbers): void {
  const number = lossyNumber(json, which);
  if (number === undefined) return;
  const shown = number.length > 40 ? `${number.slice(0, 40)}…` : number;
  throw new ModelJobError('InvalidArgument', `the number ${shown} can't be held exactly: write it as a text`);
}

/**
 * The first number of a JSON text that a double does not give back: an integer that would be another one, a number with
 * digits that would be others, one that would be infinite or nothing. JavaScript and most runtimes read numbers as
 * doubles (RFC 8259, section 6).
 */
export function lossyNumber(json: string, { integers = true }: LossyNumbers = {}): string | undefined {
  if (!suspicious.test(json)) return undefined;
  const tokens = new RegExp(token);
  for (let found = tokens.exec(json); found; found = tokens.exec(json)) {
    const [text, fraction, exponent] = found;
    if (text === '"') {
      tokens.lastIndex = endOfString(json, found.index);
      continue;
    }
    if (String(Number(text)) === text) continue;
    const isInteger = fraction === undefined && exponent === undefined;
    if (isInteger ? integers && BigInt(text) !== integerIn(Number(text)) : !givesBack(text)) return text;
  }
  return undefined;
}

function integerIn(value: number): bigint | undefined {
  return Number.isFinite(value) ? BigInt(value) : undefined;
}

/** Whether a double has the digits of a decimal number, when it is asked for as many. */
function givesBack(text: string): boolean {
  const { digits, magnitude } = partsOf(text);
  if (digits === '') return true;
  if (digits.length > mostDigits) return false;
  const value = partsOf(Number(text).toPrecision(digits.length));
  return value.digits === digits && value.magnitude === magnitude;
}

/** A number as its significant digits, and the power of ten of the point before them. */
function partsOf(text: string): { digits: string; magnitude: number } {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  const zeros = all.length - all.replace(/^0+/, '').length;
  return { digits, magnitude: Number(exponent) + whole.length - zeros };
}

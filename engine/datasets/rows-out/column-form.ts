/**
 * What the values of a column are: vectors of floats (32 or 64 bits), integers that a double holds or that 64 bits hold,
 * doubles, booleans, texts, or any JSON.
 */
export type ColumnForm = 'floats' | 'doubles' | 'integers' | 'longs' | 'numbers' | 'booleans' | 'text' | 'json';

/** Forms by what holds them beside themselves; any JSON holds all. */
const wider: Partial<Record<ColumnForm, readonly ColumnForm[]>> = {
  floats: ['doubles'],
  integers: ['longs', 'numbers'],
};

/** The form that holds what either form holds; undefined where there is nothing to hold yet. */
export function formOfBoth(one: ColumnForm | undefined, other: ColumnForm | undefined): ColumnForm | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  if (wider[one]?.includes(other)) return other;
  return wider[other]?.includes(one) ? one : 'json';
}

/** The form of a column of the input: its values keep their digits, whatever JSON can say. */
export function formOfInput(json: string): ColumnForm | undefined {
  if (json === 'null') return undefined;
  if (json.startsWith('"')) return 'text';
  if (json === 'true' || json === 'false') return 'booleans';
  return /^[-\d]/.test(json) ? formOfNumber(json) : 'json';
}

/** The form of outputs: vectors are such, and other numbers any JSON. */
export function formOfOutput(json: string, value: unknown): ColumnForm | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return 'text';
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number')) return 'json';
  return value.every((item) => Math.fround(item) === item) ? 'floats' : 'doubles';
}

/** Whether a form is lists of numbers. */
export function isVector(form: ColumnForm): boolean {
  return form === 'floats' || form === 'doubles';
}

function formOfNumber(json: string): ColumnForm {
  if (/^-?\d+$/.test(json) && json !== '-0') {
    if (Number.isSafeInteger(Number(json))) return 'integers';
    return BigInt.asIntN(64, BigInt(json)) === BigInt(json) ? 'longs' : 'json';
  }
  const value = Number(json);
  return Number.isFinite(value) && digitsOf(String(value)) === digitsOf(json) ? 'numbers' : 'json';
}

/** A number's digits and where its point stands, however it is written. */
function digitsOf(json: string): string {
  const [, mantissa = '', exponent = '0'] = /^-?([^e]*)(?:e(.*))?$/i.exec(json) ?? [];
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '0' : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

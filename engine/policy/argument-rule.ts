import { RE2JS } from 're2js';
import { z } from 'zod';

/** An RE2 expression: its time is linear in the text, whatever the two are. */
const patternSchema = z.string().superRefine((pattern, context) => {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `no expression of RE2 (${String(error)})`, input: pattern });
  }
});

const valueShape = {
  /** The argument is this text. */
  exact: z.string().optional(),
  /** It is one of these. */
  oneOf: z.array(z.string()).min(1).optional(),
  /** All of it fits this RE2 expression. */
  pattern: patternSchema.optional(),
  /** It is a path inside the roots, the job's own folder or the bundle; the program gets it in full, links resolved. */
  path: z.literal(true).optional(),
  /** It is a decimal number in this range, whole where `integer` is true. */
  number: z
    .strictObject({ min: z.number().optional(), max: z.number().optional(), integer: z.boolean().optional() })
    .optional(),
};

const valueRuleSchema = z.preprocess(textAsExact, z.strictObject(valueShape).superRefine(checkKind(valueShape)));

const optionsSchema = z.record(
  z.string().regex(/^-./, { error: 'expected the name of an option, such as "--beam"' }),
  z.union([z.literal(true), valueRuleSchema]),
);

const placeShape = {
  ...valueShape,
  /** Any of these, in any order and number: true, or what the value is, behind the option or behind its `=`. */
  options: optionsSchema.optional(),
};

/** What stands at one place of a command's arguments, by one of its fields; a text alone is an `exact` one. */
export const argumentRuleSchema = z.preprocess(
  textAsExact,
  z
    .strictObject({
      ...placeShape,
      /** Whether it may be left out. Default: false; `options` always may. */
      optional: z.boolean().optional(),
      /** Whether more of the kind may follow. Default: false; of `options` always. */
      repeat: z.boolean().optional(),
    })
    .superRefine(checkKind(placeShape)),
);

export type ArgumentRule = z.output<typeof argumentRuleSchema>;
export type ValueRule = z.output<typeof valueRuleSchema>;

function textAsExact(value: unknown): unknown {
  return typeof value === 'string' ? { exact: value } : value;
}

function checkKind(shape: object): (rule: object, context: z.core.$RefinementCtx) => void {
  const kinds = Object.keys(shape);
  return (rule, context) => {
    const given = Object.entries(rule).filter(([key, value]) => kinds.includes(key) && value !== undefined);
    if (given.length === 1) return;
    context.addIssue({ code: 'custom', message: `expected one of the fields ${kinds.join(', ')}`, input: rule });
  };
}

import { z } from 'zod';

/** The element types of a tensor that have a form in JSON, by ONNX Runtime's names. */
export const elementTypes = [
  'float32',
  'float64',
  'float16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'bool',
  'string',
] as const;

export type ElementType = (typeof elementTypes)[number];

/** One number, truth value or text; 64-bit integers beyond 2^53 are texts, so that they keep every digit. */
const element = z.union([z.number(), z.boolean(), z.string()]);

export type TensorElement = z.infer<typeof element>;

/** A value of a tensor in nested lists: its shape is that of the lists. */
export type NestedElements = TensorElement | NestedElements[];

const nested: z.ZodType<NestedElements> = z.lazy(() => z.union([element, z.array(nested)]));

/** A tensor in one list, row by row; `type` may be left out where the graph says it. */
export const flatTensor = z.object({
  dims: z.array(z.int().nonnegative()),
  data: z.array(element),
  type: z.enum(elementTypes).optional(),
});

export type FlatTensor = z.infer<typeof flatTensor>;

/** The inputs of a graph by their names, each a tensor with `dims` or nested lists. */
export const tensorsInput = z.record(z.string(), z.union([flatTensor, nested]));

export type TensorsInput = z.infer<typeof tensorsInput>;

/** The outputs of a graph by their names. JSON has no NaN and no infinity: those elements are `null`. */
export const tensorsOutput = z.record(
  z.string(),
  z.object({
    dims: z.array(z.int().nonnegative()),
    data: z.array(element.nullable()),
    type: z.enum(elementTypes),
  }),
);

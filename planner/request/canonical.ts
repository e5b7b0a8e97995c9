import { canonicalJson, isObject, keysOf } from '../shared/canonical-json.js';
import { show } from '../shared/parse.js';
import type { ModelAccessJobRequest } from './request.js';

/**
 * What a request asks for, as one text: JSON with sorted keys and no white space (RFC 8785), without its id. Two
 * requests with one text are the same request; its SHA-256 is the request's digest.
 */
export function canonicalRequest(request: ModelAccessJobRequest): string {
  return canonicalJson(essenceOf(request));
}

/** The first field in which two requests differ, with what each holds there; undefined for the same request. */
export interface RequestDifference {
  field: string;
  left: string;
  right: string;
}

/** Where two requests differ first, by the order of their keys; values are shortened for a message. */
export function requestDifference(
  left: ModelAccessJobRequest,
  right: ModelAccessJobRequest,
): RequestDifference | undefined {
  return difference(essenceOf(left), essenceOf(right), '');
}

/** An optional that is absent and one that is null mean the same; in a caller's own JSON a null is a value. */
function essenceOf({ id: _id, inputs, options, ...rest }: ModelAccessJobRequest): unknown {
  const { parameters, ...chosen } = options ?? {};
  return {
    ...(withoutNulls(rest) as object),
    inputs: inputs.map((input) => (input.kind === 'json' ? input : withoutNulls(input))),
    options: { ...(withoutNulls(chosen) as object), ...(parameters == null ? {} : { parameters }) },
  };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    keysOf(value).flatMap((key) => (value[key] == null ? [] : [[key, withoutNulls(value[key])]])),
  );
}

function difference(left: unknown, right: unknown, field: string): RequestDifference | undefined {
  const differs = canonicalText(left) !== canonicalText(right);
  if (!differs) return undefined;
  if (Array.isArray(left) && Array.isArray(right)) {
    const at = left.findIndex((value, index) => canonicalText(value) !== canonicalText(right[index]));
    const index = at === -1 ? left.length : at;
    return difference(left[index], right[index], `${field}[${index}]`);
  }
  if (isObject(left) && isObject(right)) {
    const key = [...new Set([...keysOf(left), ...keysOf(right)])]
      .sort()
      .find((name) => canonicalText(left[name]) !== canonicalText(right[name]));
    if (key !== undefined) return difference(left[key], right[key], field === '' ? key : `${field}.${key}`);
  }
  return { field, left: show(left), right: show(right) };
}

function canonicalText(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

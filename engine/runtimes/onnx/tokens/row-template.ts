import type { LibraryTokenizer } from './tokenizer-parts.js';

/** The ids of one row of a network's input, and for each which of two texts it belongs to. */
export interface TokenRow {
  ids: readonly number[];
  types: readonly number[];
}

/** Special tokens and places of texts, in the order of a row. */
type Slot = { id: number; type: number } | { text: 0 | 1; type: number };

/** How a tokenizer lays out one text, or two. */
export interface RowTemplate {
  slots: readonly Slot[];
  /** How many tokens of a row are special. */
  specials: number;
}

/** Stand for the tokens of two texts while a template is read; no vocabulary has them. */
const marks = ['\u0000first', '\u0000second'] as const;

/** Reads the layout of one text, or of two, from what the tokenizer makes of texts of one token each. */
export function rowTemplate(tokenizer: LibraryTokenizer, texts: 1 | 2): RowTemplate {
  const [first, second] = marks;
  const pair = texts === 2 ? [second] : null;
  const made = tokenizer.post_processor?.post_process([first], pair, true) ?? { tokens: [first], tokens_pair: pair };
  // A tokenizer without a layout for two puts one behind the other.
  const all = made.tokens.includes(second) ? made.tokens : [...made.tokens, ...(pair ?? [])];
  const slots = all.map((token, at): Slot => {
    const type = made.token_type_ids?.[at] ?? 0;
    const text = marks.findIndex((mark) => mark === token);
    return text === -1 ? { id: idOf(tokenizer, token), type } : { text: text === 0 ? 0 : 1, type };
  });
  return { slots, specials: slots.length - texts };
}

/** A row of the tokens of one text, or of two. */
export function rowOf({ slots }: RowTemplate, ...texts: (readonly number[])[]): TokenRow {
  const ids: number[] = [];
  const types: number[] = [];
  for (const slot of slots) {
    const own = 'text' in slot ? (texts[slot.text] ?? []) : [slot.id];
    for (const id of own) {
      ids.push(id);
      types.push(slot.type);
    }
  }
  return { ids, types };
}

/** Where the tokens of a text begin in its row. */
export function placeInRow({ slots }: RowTemplate, text: 0 | 1, ...lengths: number[]): number {
  let place = 0;
  for (const slot of slots) {
    if ('text' in slot && slot.text === text) return place;
    place += 'text' in slot ? (lengths[slot.text] ?? 0) : 1;
  }
  return place;
}

function idOf({ added_tokens_map: added, model }: LibraryTokenizer, token: string): number {
  return added.get(token)?.id ?? model.tokens_to_ids.get(token) ?? model.unk_token_id ?? 0;
}

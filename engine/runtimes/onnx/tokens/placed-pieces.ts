import { charactersByByte, type Span } from './token-spans.js';
import type { TokenizerParts } from './tokenizer-parts.js';

/** A piece that a pre-tokenizer cut from a text. */
export interface PlacedPiece {
  piece: string;
  /** The span of the text that a span of the piece stands for. */
  unitAt: (span: Span) => Span;
}

/**
 * The pieces of a pre-tokenizer with their places: bytes that stand for characters (`Ġ`), marks that stand for blanks
 * (`▁`), or the text's own letters, of which some may be left out.
 *
 * @throws Error for a pre-tokenizer that changes its text in another way
 */
export function placePieces(parts: TokenizerParts, text: string, section: number): PlacedPiece[] {
  const pieces = parts.pre_tokenizer ? parts.pre_tokenizer(text, { section_index: section }) : [text];
  return parts.writesBytes ? bytePieces(text, pieces) : letterPieces(text, pieces);
}

function bytePieces(text: string, pieces: readonly string[]): PlacedPiece[] {
  const characters = charactersByByte(text);
  // One byte more than the text has: the blank that was put before it.
  const prefix = pieces.reduce((sum, piece) => sum + piece.length, 0) - characters.length;
  let before = -prefix;
  return pieces.map((piece) => {
    const from = before;
    before += piece.length;
    const characterAt = (byte: number): Span => characters[Math.max(from + byte, 0)] ?? { start: 0, end: 0 };
    return { piece, unitAt: ({ start, end }) => ({ start: characterAt(start).start, end: characterAt(end - 1).end }) };
  });
}

function letterPieces(text: string, pieces: readonly string[]): PlacedPiece[] {
  const plain = text.replaceAll('▁', ' ');
  let cursor = 0;
  return pieces.map((piece) => {
    const { from, prefix } = placeOf(plain, piece.replaceAll('▁', ' '), cursor);
    cursor = from + piece.length - prefix;
    const unit = (at: number): number => from + Math.max(at - prefix, 0);
    const next = (at: number): number => at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    // A mark before the first letter stands for that letter.
    return { piece, unitAt: ({ start, end }) => ({ start: unit(start), end: Math.max(unit(end), next(unit(start))) }) };
  });
}

/** Where a piece stands: here, behind blanks that were left out, or farther; perhaps with a blank before it that is new. */
function placeOf(text: string, piece: string, cursor: number): { from: number; prefix: number } {
  const letter = cursor + text.slice(cursor).search(/\S|$/);
  for (const from of [cursor, letter]) {
    for (const prefix of piece.startsWith(' ') ? [0, 1] : [0]) {
      if (text.startsWith(piece.slice(prefix), from)) return { from, prefix };
    }
  }
  const from = text.indexOf(piece, cursor);
  if (from !== -1) return { from, prefix: 0 };
  throw new Error(`the tokenizer made ${JSON.stringify(piece)} of its text, which does not stand there`);
}

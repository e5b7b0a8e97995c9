import type { SchemaTree } from 'hyparquet';
import type { ColumnCursor } from './column-cursor.js';

/** Writes the JSON text of a part of the row that comes next, and goes on behind it. */
interface Writer {
  /** The cursor whose levels tell whether there is anything. */
  first: ColumnCursor;
  /** Goes on behind a part that is null or empty. */
  skip: () => void;
  write: () => string;
}

/** How deep in the schema a node is: what its column's levels count. */
interface Levels {
  definition: number;
  repetition: number;
}

/**
 * A writer of one column of a table, with all that is nested in it: records are put together from levels as in the
 * Dremel paper, lists by the rules of Parquet's LogicalTypes.md, those for older files included.
 */
export function columnWriter(column: SchemaTree, cursorOf: (leaf: SchemaTree) => ColumnCursor): () => string {
  return writerOf(column, { definition: 0, repetition: 0 }).write;

  function writerOf(node: SchemaTree, above: Levels): Writer {
    const levels = below(above, node);
    const isRepeated = node.element.repetition_type === 'REPEATED';
    return isRepeated ? listOf(valueOf(node, levels), levels) : valueOf(node, levels);
  }

  /** A node, apart from its own repetition. */
  function valueOf(node: SchemaTree, levels: Levels): Writer {
    if (node.children.length === 0) return leafOf(cursorOf(node), levels);
    const [repeated] = node.children;
    if (repeated?.element.repetition_type === 'REPEATED') {
      const inner = below(levels, repeated);
      const [key, value] = repeated.children;
      if (isMap(node) && key)
        return orNull(mapOf(writerOf(key, inner), value && writerOf(value, inner), inner), levels);
      if (isList(node)) return orNull(listOf(itemOf(node, repeated, inner), inner), levels);
    }
    return orNull(objectOf(node.children.map((child) => [child.element.name, writerOf(child, levels)])), levels);
  }

  /** The group that repeats is the item itself in files that know no group around it. */
  function itemOf(list: SchemaTree, repeated: SchemaTree, levels: Levels): Writer {
    const [item, ...others] = repeated.children;
    const { name } = repeated.element;
    const isItem = !item || others.length > 0 || name === 'array' || name === `${list.element.name}_tuple`;
    return isItem ? valueOf(repeated, levels) : writerOf(item, levels);
  }
}

function leafOf(cursor: ColumnCursor, { definition }: Levels): Writer {
  return {
    first: cursor,
    skip: () => cursor.next(),
    write() {
      const text = cursor.definition() < definition ? 'null' : cursor.text();
      cursor.next();
      return text;
    },
  };
}

function orNull({ first, skip, write }: Writer, { definition }: Levels): Writer {
  return {
    first,
    skip,
    write() {
      if (first.definition() >= definition) return write();
      skip();
      return 'null';
    },
  };
}

function objectOf(fields: readonly (readonly [string, Writer])[]): Writer {
  const writers = fields.map(([, writer]) => writer);
  const named = fields.map(([name, { write }], at) => ({
    key: `${at === 0 ? '' : ','}${JSON.stringify(name)}:`,
    write,
  }));
  return {
    ...together(writers),
    write: () => `{${named.map(({ key, write }) => key + write()).join('')}}`,
  };
}

function listOf(item: Writer, levels: Levels): Writer {
  return { first: item.first, skip: item.skip, write: () => `[${repeat(item.first, item.skip, item.write, levels)}]` };
}

function mapOf(key: Writer, value: Writer | undefined, levels: Levels): Writer {
  const { first, skip } = together(value ? [key, value] : [key]);
  const entry = (): string => `${keyText(key.write())}:${value?.write() ?? 'null'}`;
  return { first, skip, write: () => `{${repeat(first, skip, entry, levels)}}` };
}

/** Items one behind the other, as long as levels say that the list goes on. */
function repeat(
  first: ColumnCursor,
  skip: () => void,
  write: () => string,
  { definition, repetition }: Levels,
): string {
  if (first.definition() < definition) {
    skip();
    return '';
  }
  let text = write();
  while (first.repetition() === repetition) text += `,${write()}`;
  return text;
}

function together(writers: readonly Writer[]): Pick<Writer, 'first' | 'skip'> {
  const [writer] = writers;
  if (!writer) throw new Error('a group has no fields');
  return { first: writer.first, skip: () => writers.forEach(({ skip }) => skip()) };
}

/** JSON's keys are texts. */
function keyText(text: string): string {
  return text.startsWith('"') ? text : JSON.stringify(text);
}

function below({ definition, repetition }: Levels, { element: { repetition_type: type } }: SchemaTree): Levels {
  return {
    definition: definition + (type === 'REQUIRED' ? 0 : 1),
    repetition: repetition + (type === 'REPEATED' ? 1 : 0),
  };
}

function isList({ element }: SchemaTree): boolean {
  return element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
}

function isMap({ element: { converted_type: type, logical_type: logical } }: SchemaTree): boolean {
  return type === 'MAP' || type === 'MAP_KEY_VALUE' || logical?.type === 'MAP';
}

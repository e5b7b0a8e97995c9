import { formOfBoth, formOfInput, formOfOutput, isVector, type ColumnForm } from './column-form.js';
import type { OutputLine } from './output-line.js';
import { typeOf, type TableForm } from './table-form.js';

/** Rows on their way into a row group, column by column. */
export class RowGroup {
  readonly index: bigint[] = [];
  readonly customId: (string | null)[] = [];
  private readonly output: { json: string; value: unknown }[] = [];
  private readonly kept = new Map<string, (string | undefined)[]>();
  private outputForm: ColumnForm | undefined;

  get rows(): number {
    return this.index.length;
  }

  add({ index, customId, output, kept }: OutputLine): void {
    const row = this.rows;
    for (const [name, json] of kept) {
      const column = this.kept.get(name) ?? [];
      column[row] = json;
      this.kept.set(name, column);
    }
    const value: unknown = JSON.parse(output);
    this.outputForm = formOfBoth(this.outputForm, formOfOutput(output, value));
    this.output.push({ json: output, value });
    this.index.push(index);
    this.customId.push(customId);
  }

  /** The forms of what is here. */
  form(): TableForm {
    const columns = [...this.kept].map(([name, values]) => [name, values.reduce(withInput, undefined)] as const);
    return new Map<string, ColumnForm | undefined>([...columns, ['output', this.outputForm]]);
  }

  /** A column's values, as the library takes them. */
  valuesOf(name: string, form: ColumnForm | undefined): unknown[] {
    const type = typeOf(form);
    if (name === 'output') {
      const isParsed = isVector(type) || type === 'text';
      return this.output.map(({ json, value }) => (value === null || isParsed ? value : json));
    }
    const values = this.kept.get(name) ?? [];
    return this.index.map((_, row) => inputIn(type, values[row] ?? 'null'));
  }
}

function withInput(form: ColumnForm | undefined, json: string | undefined): ColumnForm | undefined {
  return json === undefined || form === 'json' ? form : formOfBoth(form, formOfInput(json));
}

function inputIn(type: ColumnForm, json: string): unknown {
  if (json === 'null') return null;
  if (type === 'integers') return BigInt(json);
  return type === 'json' ? json : JSON.parse(json);
}

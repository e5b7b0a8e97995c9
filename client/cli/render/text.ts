/** Cuts a text to so many characters, the last one then being `…`. */
export function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(width - 1, 0))}…` : text;
}

/** One line of a text that may have several. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Rows as columns of equal width, two spaces between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row.map((cell, index) => (index < row.length - 1 ? cell.padEnd(widths[index] ?? 0) : cell)).join('  '),
    )
    .join('\n');
}

/** Each line moved two spaces to the right. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

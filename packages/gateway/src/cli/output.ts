/** Prints a line of a command's result. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Prints JSON for scripts, or else a form for people. */
export function present<T>(
  { json }: { readonly json: boolean },
  value: T,
  render: (value: T) => string,
): void {
  if (json) printJson(value);
  else print(render(value));
}

/** Columns are as wide as their widest cell. The columns named in `right` are right-aligned. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const clean = rows.map((row) => row.map(printable));
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...clean.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return right.includes(columns[index] ?? '') ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [columns, ...clean].map(line).join('\n');
}

/** `name value`, one pair per line. */
export function fields(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join('\n');
}

/** Replaces control characters: text from elsewhere must not control the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

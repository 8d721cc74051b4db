/** Keys and list positions, from the top of the file. */
export type Path = readonly (string | number)[];

/** One problem of a configuration file. Line and column count from 1; `path` is written like `models.kiara/kiara-vogue.routes[1]`. */
export interface ConfigIssue {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** Every problem of a configuration file at once, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly file: string;
  readonly issues: readonly ConfigIssue[];

  constructor(file: string, issues: readonly ConfigIssue[]) {
    const sorted = issues.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map((issue) => formatIssue(file, issue)).join('\n'));
    this.file = file;
    this.issues = sorted;
  }
}

/** `genlock.yaml:12:7 models.kiara/kiara-vogue.price.usd: expected …`, a form that editors and terminals turn into a link. */
function formatIssue(file: string, issue: ConfigIssue): string {
  const where = `${file}:${issue.line}:${issue.column}`;
  return issue.path === '' ? `${where} ${issue.message}` : `${where} ${issue.path}: ${issue.message}`;
}

export function formatPath(path: Path): string {
  return path
    .map((part, depth) => (typeof part === 'number' ? `[${part}]` : depth === 0 ? part : `.${part}`))
    .join('');
}

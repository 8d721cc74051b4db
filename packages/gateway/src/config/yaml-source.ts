import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { substituteEnv } from './env.ts';
import { ConfigError, type ConfigIssue, formatPath, type Path } from './issues.ts';

/** A megabyte of settings is a mistake. The limit also bounds the time of parsing. */
const MAX_LENGTH = 1 << 20;
const MAX_ALIASES = 100;
/** The most that are reported; nobody fixes more at a time. */
const MAX_ISSUES = 500;

export type Environment = Readonly<Record<string, string | undefined>>;
/** Whether the problem is in the value, or in the key before it. */
export type Side = 'key' | 'value';

/** A YAML file with the positions of its values and with `${NAME}` replaced. Collects problems. */
export class YamlSource {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #issues: ConfigIssue[] = [];
  readonly #fromEnv = new Map<Scalar, string>();
  /** Values whose variable is not set. They have been reported already, so they get no second report. */
  readonly #unknown = new Set<Scalar>();

  /** @throws ConfigError if it is not valid YAML, since nothing else can be said then */
  constructor(text: string, file: string, env: Environment) {
    this.#file = file;
    if (text.length > MAX_LENGTH) this.#reject(0, `longer than ${MAX_LENGTH} characters`);
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      stringKeys: true,
      // #checkKeys reports these, with both lines.
      uniqueKeys: false,
      resolveKnownTags: false,
      logLevel: 'error',
    });
    const problems = [...this.#document.errors, ...this.#document.warnings];
    const tooDeep = problems.find((problem) => problem.code === 'RESOURCE_EXHAUSTION');
    if (tooDeep !== undefined) this.#reject(tooDeep.pos[0], 'nested too deeply');
    for (const problem of problems)
      this.#add(problem.pos[0], [], problem.message + quotingHint(text, problem.pos[0]));
    this.#end();
    this.#checkAliases();
    this.#end();
    this.#checkKeys();
    this.#substitute(env);
  }

  /** The content of the file as plain data; `{}` for an empty file. */
  value(): unknown {
    try {
      const value: unknown = this.#document.toJS({ maxAliasCount: MAX_ALIASES });
      return value ?? {};
    } catch (error) {
      // Aliases of aliases are short to write and huge to expand.
      return this.#reject(0, error instanceof Error ? error.message : 'not readable');
    }
  }

  report(path: Path, message: string, side: Side = 'value'): void {
    if (this.#issues.length >= MAX_ISSUES) return;
    const { node, offset } = this.#find(path, side);
    if (side === 'value' && isScalar(node) && this.#unknown.has(node)) return;
    this.#add(offset, path, message);
  }

  /** `${NAME}` if the value came from the environment, so that a message can name the variable and need not show a secret. */
  envName(path: Path): string | undefined {
    const { node } = this.#find(path, 'value');
    return isScalar(node) ? this.#fromEnv.get(node) : undefined;
  }

  /** The environment only has strings. Converts one to a number or boolean if the schema wants that. */
  retype(path: Path, types: readonly string[]): boolean {
    const { node } = this.#find(path, 'value');
    if (!isScalar(node) || !this.#fromEnv.has(node) || typeof node.value !== 'string') return false;
    const wantsNumber = types.includes('integer') || types.includes('number');
    if (wantsNumber && /^\d{1,15}$/.test(node.value)) node.value = Number(node.value);
    else if (types.includes('boolean') && /^(true|false)$/.test(node.value))
      node.value = node.value === 'true';
    else return false;
    return true;
  }

  /** @throws ConfigError with everything that was reported */
  finish(): void {
    this.#end();
  }

  #checkAliases(): void {
    let aliases = 0;
    visit(this.#document, {
      Alias: (_, alias) => {
        const at = alias.range?.[0] ?? 0;
        const target = alias.resolve(this.#document);
        aliases += 1;
        if (aliases > MAX_ALIASES) {
          this.#add(at, [], `more than ${MAX_ALIASES} aliases`);
          return visit.BREAK;
        }
        if (target === undefined) this.#add(at, [], `there is no anchor &${alias.source} above this`);
        else if (target.range && target.range[0] <= at && at < target.range[2])
          this.#add(at, [], `*${alias.source} stands within what it names`);
        return undefined;
      },
    });
  }

  #checkKeys(): void {
    visit(this.#document, {
      Map: (_, map, ancestors) => {
        const seen = new Map<unknown, number>();
        for (const { key } of map.items) {
          if (!isScalar(key)) continue;
          const at = key.range?.[0] ?? 0;
          const first = seen.get(key.value);
          if (first === undefined) seen.set(key.value, at);
          else
            this.#add(
              at,
              [...pathOf([...ancestors, map]), String(key.value)],
              `the key is there already, in line ${this.#lines.linePos(first).line}`,
            );
        }
      },
    });
  }

  #substitute(env: Environment): void {
    visit(this.#document, {
      Scalar: (key, scalar, ancestors) => {
        if (key === 'key' || typeof scalar.value !== 'string') return;
        const result = substituteEnv(scalar.value, env);
        if (result.problems.length > 0) {
          this.#unknown.add(scalar);
          const path = [...pathOf(ancestors), ...(typeof key === 'number' ? [key] : [])];
          for (const problem of result.problems) this.#add(scalar.range?.[0] ?? 0, path, problem);
        }
        if (result.names.length > 0)
          this.#fromEnv.set(scalar, result.names.map((name) => `\${${name}}`).join(' and '));
        scalar.value = result.text;
      },
    });
  }

  /** Follows a path as far as it goes, so a missing setting is reported where it should be. */
  #find(path: Path, side: Side): { node: unknown; offset: number } {
    let node: unknown = this.#document.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, part] of path.entries()) {
      const parent = isAlias(node) ? node.resolve(this.#document) : node;
      if (isMap(parent)) {
        const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
        if (pair === undefined) return { node: undefined, offset };
        node = pair.value;
        const wantsKey = side === 'key' && depth === path.length - 1;
        offset = (wantsKey ? startOf(pair.key) : (startOf(node) ?? startOf(pair.key))) ?? offset;
      } else if (isSeq(parent) && typeof part === 'number') {
        node = parent.items[part];
        offset = startOf(node) ?? offset;
      } else {
        return { node: undefined, offset };
      }
    }
    return { node: isAlias(node) ? node.resolve(this.#document) : node, offset };
  }

  #add(offset: number, path: Path, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    const issue = { line: Math.max(line, 1), column: Math.max(col, 1), path: formatPath(path), message };
    const repeated = this.#issues.some(
      (other) => other.line === issue.line && other.path === issue.path && other.message === message,
    );
    if (!repeated) this.#issues.push(issue);
  }

  #end(): void {
    if (this.#issues.length > 0) throw new ConfigError(this.#file, this.#issues);
  }

  #reject(offset: number, message: string): never {
    this.#add(offset, [], message);
    throw new ConfigError(this.#file, this.#issues);
  }
}

/** A common first attempt is `{ key: ${NAME} }`, where YAML reads the braces as a map. */
function quotingHint(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const [line = ''] = text.slice(start, start + 1000).split('\n', 1);
  return /[[{].*(?<!["'][^"']*)\$\{/.test(line) ? ` (within { } and [ ] write "\${NAME}" in quotes)` : '';
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** The path of the last of these nodes, derived from the pairs and lists above it. */
function pathOf(nodes: readonly unknown[]): Path {
  return nodes.flatMap((node, depth): Path => {
    if (isSeq(node)) {
      const index = node.items.indexOf(nodes[depth + 1]);
      return index < 0 ? [] : [index];
    }
    const key = (node as { key?: unknown }).key;
    return isScalar(key) ? [String(key.value)] : [];
  });
}

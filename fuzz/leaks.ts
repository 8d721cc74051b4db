import type { Keyring } from './keyring.ts';
import { type Pool, secretWords } from './pool.ts';

/** Text that no caller sends, so that no answer can merely repeat it. */
const NEVER: readonly RegExp[] = [
  /(?:\n|\\n)\s+at .+:\d+:\d+/,
  /node:internal|node_modules|packages\/gateway|SQLITE_/,
];

/** Internal details of a server that an error may reveal by mistake. */
const INSIDES: readonly RegExp[] = [
  /file:\/\/\//,
  /\b[\w-]+\.[jt]s:\d+/,
  /(?:^|[\s"'(])\/(?:tmp|home|root|usr|var|proc|opt)\/[\w.-]+/,
  /SQLITE|sqlite|UNIQUE constraint|\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bCHECK constraint/,
  /\bFST_|\bundici\b|\bfastify\b|\bajv\b|\bllhttp\b|\bHPE_|\bbusboy\b|\blibvips\b|\bsharp\b/i,
  /\bE(?:CONN\w+|NOENT|ACCES|PIPE|MFILE|AI_AGAIN|ADDR\w+|HOSTUNREACH|NETUNREACH)\b|getaddrinfo/,
  /\b(?:Type|Range|Reference|Syntax|Eval|Aggregate)Error\b/,
  /is not (?:a function|iterable|defined)|Cannot read propert|Unexpected token|JSON at position/,
  /\[object \w+\]/,
];

/** Companies whose APIs are used or imitated. Their models are sold under their names, so only errors are checked for these. */
const VENDORS =
  /\b(?:openai|replicate|fal\.ai|elevenlabs|stability\.ai|comfyui|anthropic|azure|amazonaws|googleapis|runway|hugging ?face)\b/i;

export type LeakFinder = (asked: {
  readonly request: string;
  readonly answer: string;
  readonly isError: boolean;
  /** Whether the caller may see everybody's data. */
  readonly operator: boolean;
}) => string | undefined;

/** Finds what the reader of an answer must not learn. The content of the request may be repeated, except keys. */
export function leakFinder({ secrets, other }: Keyring, pool: Pool): LeakFinder {
  const keys = anyOf(secrets);
  const others = anyOf([other, secretWords('other'), ...[...pool.others.values()].flat()]);
  return ({ request, answer, isError, operator }) => {
    const unasked = (pattern: RegExp): string | undefined => {
      const found = pattern.exec(answer)?.[0];
      return found === undefined || request.includes(found.trim()) ? undefined : found;
    };
    const key = keys.exec(answer)?.[0];
    if (key !== undefined) return `a key: ${key.slice(0, 12)}…`;
    const foreign = operator ? undefined : unasked(others);
    if (foreign !== undefined) return `somebody else's: ${foreign}`;
    for (const pattern of isError ? [...NEVER, ...INSIDES, VENDORS] : NEVER) {
      const found = unasked(pattern);
      if (found !== undefined) return `insides: ${found.trim().slice(0, 80)}`;
    }
    return undefined;
  };
}

function anyOf(texts: readonly string[]): RegExp {
  return new RegExp(texts.map((text) => text.replaceAll(/[^\w]/g, '\\$&')).join('|'));
}

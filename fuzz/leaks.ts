import type { Keyring } from './keyring.ts';
import { type Pool, secretWords } from './pool.ts';

/** What no caller writes, and so stands in no answer that repeats what callers wrote. */
const NEVER: readonly RegExp[] = [
  /(?:\n|\\n)\s+at .+:\d+:\d+/,
  /node:internal|node_modules|packages\/gateway|SQLITE_/,
];

/** What a server says of itself in an error when it does not mean to. */
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

/** Companies whose APIs are spoken to or stood in for. Names of their models are sold under them, so only errors are held against this. */
const VENDORS =
  /\b(?:openai|replicate|fal\.ai|elevenlabs|stability\.ai|comfyui|anthropic|azure|amazonaws|googleapis|runway|hugging ?face)\b/i;

export type LeakFinder = (asked: {
  readonly request: string;
  readonly answer: string;
  readonly isError: boolean;
  /** Whether the one who asks may see what belongs to anybody. */
  readonly operator: boolean;
}) => string | undefined;

/** Finds in an answer what its reader should not get to know. What the request itself says may be repeated to it, but for keys. */
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

import { type CanonicalCode, isCanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';

/** How a caller steers the sandbox: what is to go wrong, when, and how often (docs/rehearsing-failure.md). */
export interface Directives {
  readonly error?: CanonicalCode;
  /** Only the first `times` attempts are spoilt; by default all are. */
  readonly times: number;
  /** `admit`: told synchronously at submission, and nothing is kept. */
  readonly at: 'run' | 'admit';
  readonly delayMs: number;
  /** Text comes piece by piece, with this wait before each. */
  readonly paceMs: number;
  /** Deliver a clip of this length instead of the one that was ordered. */
  readonly clipSeconds?: number;
  readonly result?: 'empty' | 'garbage' | 'oversize';
  /** The connection dies once the call was accepted. */
  readonly drop?: 'after_accept';
}

const IN_TEXT = /\[\[\s*sandbox\b([^\]]{0,500})\]\]/g;
const MAX_DELAY_MS = 10 * 60 * 1000;
const MAX_CLIP_SECONDS = 60;

/**
 * Reads the directives of a request: those in its texts, then the `Genlock-Sandbox` header; later ones win, key by key.
 *
 * @throws GenlockError `invalid_parameter` that names an unknown key or a value that makes no sense: a rehearsal that
 *   silently does something else would be worth nothing
 */
export function readDirectives(texts: readonly string[], header: string | undefined): Directives {
  const sources = texts.flatMap((text) => [...text.matchAll(IN_TEXT)].map((match) => match[1] ?? ''));
  if (header !== undefined) sources.push(header);
  let directives: Directives = { times: Number.POSITIVE_INFINITY, at: 'run', delayMs: 0, paceMs: 0 };
  for (const source of sources) {
    for (const pair of source.split(/[\s,;]+/)) {
      if (pair !== '') directives = { ...directives, ...readPair(pair) };
    }
  }
  return directives;
}

/** The text as it is drawn or spoken: without directives. */
export function withoutDirectives(text: string): string {
  if (!text.includes('[[')) return text;
  return text.replace(IN_TEXT, ' ').replace(/\s+/g, ' ').trim();
}

function readPair(pair: string): Partial<Directives> {
  const [key = '', value = ''] = pair.split('=', 2);
  switch (key) {
    case 'error':
      if (isCanonicalCode(value)) return { error: value };
      break;
    case 'times':
      if (/^\d{1,3}$/.test(value)) return { times: Number(value) };
      break;
    case 'at':
      if (value === 'run' || value === 'admit') return { at: value };
      break;
    case 'delay': {
      const delayMs = readDelay(value);
      if (delayMs !== undefined) return { delayMs };
      break;
    }
    case 'pace': {
      const paceMs = readDelay(value);
      if (paceMs !== undefined) return { paceMs };
      break;
    }
    case 'clip':
      if (/^\d{1,2}(\.\d{1,3})?s?$/.test(value)) {
        const clipSeconds = Number.parseFloat(value);
        if (clipSeconds > 0 && clipSeconds <= MAX_CLIP_SECONDS) return { clipSeconds };
      }
      break;
    case 'result':
      if (value === 'empty' || value === 'garbage' || value === 'oversize') return { result: value };
      break;
    case 'drop':
      if (value === 'after_accept') return { drop: value };
      break;
  }
  throw new GenlockError('invalid_parameter', `The sandbox directive "${pair.slice(0, 60)}" is not known.`, {
    reason: 'sandbox_directive',
  });
}

/** `500ms`, `2s`, `1.5s`; a bare number is milliseconds. */
function readDelay(value: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s)?$/.exec(value);
  if (match?.[1] === undefined) return undefined;
  return Math.min(MAX_DELAY_MS, Math.round(Number(match[1]) * (match[2] === 's' ? 1000 : 1)));
}

import { type CanonicalCode, isCanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';

/** What a caller wants to go wrong in the sandbox, when, and how often (docs/rehearsing-failure.md). */
export interface Directives {
  readonly error?: CanonicalCode;
  /** Only the first `times` attempts go wrong; default: all. */
  readonly times: number;
  /** `admit`: reported synchronously at submission, and nothing is stored. */
  readonly at: 'run' | 'admit';
  readonly delayMs: number;
  /** The pause before each piece of a text, in milliseconds. */
  readonly paceMs: number;
  /** Deliver a clip of this length instead of the ordered one. */
  readonly clipSeconds?: number;
  readonly result?: 'empty' | 'garbage' | 'oversize';
  /** The connection breaks once the call was accepted. */
  readonly drop?: 'after_accept';
}

const IN_TEXT = /\[\[\s*sandbox\b([^\]]{0,500})\]\]/g;
const MAX_DELAY_MS = 10 * 60 * 1000;
const MAX_CLIP_SECONDS = 60;

/**
 * Reads the directives of a request: those in its texts, then the `Genlock-Sandbox` header. For each key the last one counts.
 *
 * @throws GenlockError `invalid_parameter` that names an unknown key or an invalid value, because a rehearsal that silently does something
 * else would be useless
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

/** The text without directives, as it is drawn or spoken. */
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

/** Parses `500ms`, `2s`, `1.5s`; a number without a unit is milliseconds. */
function readDelay(value: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s)?$/.exec(value);
  if (match?.[1] === undefined) return undefined;
  return Math.min(MAX_DELAY_MS, Math.round(Number(match[1]) * (match[2] === 's' ? 1000 : 1)));
}

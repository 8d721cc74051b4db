import { setTimeout as sleep } from 'node:timers/promises';
import { GenlockError } from '../../domain/error.ts';
import type { Output } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import type { Upstream } from './upstream.ts';

/** Pauses between tries: a result is often announced before the file servers know of it. */
const WAITS_MS = [250, 500, 1_000, 2_000, 4_000, 8_000];

/** Reasons of the outbound guard that another try would not change. */
const FINAL: readonly unknown[] = ['refused', 'redirect', 'too_large'];

/**
 * Fetches one file that an upstream made from the link that it gave: from the upstream itself with its credentials, from anywhere else like
 * any public URL. Tries for about 16 seconds, because the work is done and paid for.
 *
 * @throws GenlockError `upstream_invalid_result`, marked as work that was done
 */
export async function fetchResult(
  url: string,
  {
    upstream,
    tools,
    signal,
    maxBytes,
  }: {
    /** Undefined: all links lead to other hosts. */
    readonly upstream?: Upstream;
    readonly tools: ProviderTools;
    readonly signal: AbortSignal;
    readonly maxBytes: number;
  },
): Promise<Output> {
  if (url.startsWith('data:')) return readDataUrl(url);
  const own = URL.canParse(url) && new URL(url).origin === upstream?.origin ? upstream : undefined;
  for (let tries = 0; ; tries += 1) {
    try {
      if (own === undefined)
        return { bytes: await tools.fetchPublic(url, { maxBytes, signal }), contentType: '' };
      const { status, headers, body } = await own.send({ method: 'GET', path: url }, { signal, maxBytes });
      if (status !== 200) throw new Error(`HTTP ${status}`);
      return { bytes: body, contentType: headers['content-type'] ?? '' };
    } catch (cause) {
      signal.throwIfAborted();
      const final = FINAL.includes((cause as { reason?: unknown }).reason);
      const wait = final ? undefined : WAITS_MS[tries];
      if (wait === undefined)
        throw new GenlockError('upstream_invalid_result', undefined, {
          raw: `the result could not be fetched: ${String(cause)}`,
          cause,
          accepted: 'yes',
        });
      await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}

/** @throws GenlockError `upstream_invalid_result` */
function readDataUrl(url: string): Output {
  const match = /^data:([^;,]*)(?:;[^,;]*)*?(;base64)?,(.*)$/s.exec(url);
  if (match === null || match[2] === undefined)
    throw new GenlockError('upstream_invalid_result', undefined, {
      raw: 'a data URL not in base64',
      accepted: 'yes',
    });
  return { bytes: Buffer.from(match[3] ?? '', 'base64'), contentType: match[1] ?? '' };
}

import { GenlockError } from '../../domain/error.ts';
import type { ProviderCall } from '../port.ts';
import { type FailureTable, failureOf, type UpstreamAnswer } from './failure.ts';
import type { UpstreamRequest } from './request.ts';
import type { CallOptions, Upstream } from './upstream.ts';

/** The options of a call that orders work. */
export function orderOptions({ signal, traceparent }: ProviderCall): CallOptions {
  return { signal, paid: true, ...(traceparent !== undefined && { traceparent }) };
}

/** The start of a web page, whatever type its answer states: some servers state `text/html` for their JSON. */
const PAGE = /^\s*<(?:!doctype\s+)?html\b/i;

/**
 * Orders work, once.
 *
 * @throws GenlockError according to the table unless it is a success. A web page, whatever its status, was written by something in front of
 * the upstream, so it is unknown what became of the order.
 */
export async function order(
  upstream: Upstream,
  request: UpstreamRequest,
  call: ProviderCall,
  { failures, maxBytes }: { readonly failures: FailureTable; readonly maxBytes?: number | undefined },
): Promise<UpstreamAnswer> {
  const bounds = maxBytes === undefined ? {} : { maxBytes };
  const answer = await upstream.send(request, { ...orderOptions(call), ...bounds });
  if (answer.status < 200 || answer.status > 299) throw failureOf(answer, failures, true);
  const start = Buffer.from(answer.body.subarray(0, 200)).toString('latin1');
  if (PAGE.test(start))
    throw new GenlockError('upstream_invalid_result', undefined, {
      raw: `a page came instead of the answer: ${start}`,
      accepted: 'maybe',
    });
  return answer;
}

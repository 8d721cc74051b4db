import type { ProviderCall } from '../port.ts';
import { type FailureTable, failureOf, type UpstreamAnswer } from './failure.ts';
import type { UpstreamRequest } from './request.ts';
import type { CallOptions, Upstream } from './upstream.ts';

/** The options of a call that orders work. */
export function orderOptions({ signal, traceparent }: ProviderCall): CallOptions {
  return { signal, paid: true, ...(traceparent !== undefined && { traceparent }) };
}

/** Orders work, once. @throws GenlockError according to the table unless it is a success */
export async function order(
  upstream: Upstream,
  request: UpstreamRequest,
  call: ProviderCall,
  { failures, maxBytes }: { readonly failures: FailureTable; readonly maxBytes?: number | undefined },
): Promise<UpstreamAnswer> {
  const bounds = maxBytes === undefined ? {} : { maxBytes };
  const answer = await upstream.send(request, { ...orderOptions(call), ...bounds });
  if (answer.status < 200 || answer.status > 299) throw failureOf(answer, failures, true);
  return answer;
}

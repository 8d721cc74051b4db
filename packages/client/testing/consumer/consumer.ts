/* What a program does with this package, in any runtime. The tests install the package beside it and compile it. */
import {
  type Advice,
  type AnyGenerationError,
  createFetch,
  type GenerationError,
  kiaraReceiver,
  parseError,
  parseFailure,
} from '@genlock/client';
import { createFetch as createSmallFetch } from '@genlock/client/fetch';
import { kiara, parseKiaraError } from '@genlock/client/kiara';
import { nativeReceiver } from '@genlock/client/webhooks';

function inWords(advice: Advice): string {
  switch (advice) {
    case 'fix_input':
      return 'change the order';
    case 'top_up':
      return 'pay';
    case 'fix_key':
      return 'use another key';
    case 'rewrite_prompt':
      return 'say it otherwise';
    case 'wait':
      return 'wait';
    case 'contact_support':
      return 'ask for help';
  }
}

export function about(code: GenerationError['code']): string {
  switch (code) {
    case 'unauthenticated':
    case 'account_disabled':
    case 'origin_not_allowed':
    case 'ip_not_allowed':
    case 'forbidden':
    case 'access_denied':
      return 'who';
    case 'malformed_request':
    case 'parameter_missing':
    case 'invalid_parameter':
    case 'parameter_conflict':
    case 'parameter_not_allowed':
    case 'content_rejected':
    case 'idempotency_conflict':
      return 'what';
    case 'source_media_required':
    case 'invalid_media':
    case 'media_too_large':
    case 'media_unreadable':
    case 'media_too_short':
      return 'files';
    case 'model_not_found':
    case 'model_unsupported':
    case 'model_inactive':
    case 'model_paused':
    case 'model_not_billable':
    case 'model_misconfigured':
    case 'no_route':
      return 'model';
    case 'insufficient_credits':
    case 'payment_required':
    case 'unknown_pack':
    case 'charge_failed':
      return 'money';
    case 'not_found':
    case 'route_not_found':
    case 'method_not_allowed':
    case 'invalid_state':
      return 'where';
    case 'rate_limited':
    case 'concurrency_limited':
    case 'queue_full':
    case 'limiter_unavailable':
      return 'pace';
    case 'upstream_failed':
    case 'upstream_timeout':
    case 'upstream_rate_limited':
    case 'upstream_unavailable':
    case 'upstream_invalid_result':
    case 'outcome_unknown':
      return 'provider';
    case 'internal_error':
    case 'storage_unavailable':
    case 'shutting_down':
      return 'server';
  }
}

export function service(error: AnyGenerationError): string {
  switch (error.dialect) {
    case 'kiara':
      return error.wireCode === 'queue_full' ? 'Kiara, which is busy' : 'Kiara';
    case 'getimg':
      return 'getimg.ai';
    case 'skytells':
      return error.wireCode === 'INFERENCE_ERROR' ? 'Skytells, inline' : 'Skytells';
    case 'llmtune':
      return 'LLMTune';
    case 'skills-video':
      return 'skills.video';
    case 'native':
      return 'Genlock';
  }
}

/** Uses every part of the package with a server and returns the results. */
export async function tryAll(origin: string) {
  const refused = await parseError('kiara', await fetch(`${origin}/busy`));
  const small = await parseKiaraError(await fetch(`${origin}/busy`));
  const failed = parseFailure('skills-video', {
    id: 'gen_1',
    status: 'FAILED',
    code: 'IMAGE_GENERATION_CONTENT_REJECTED',
  });
  const retries: string[] = [];
  const send = createFetch({ dialect: 'native', onRetry: ({ reason }) => retries.push(nameOf(reason)) });
  const order = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"model":"genlock/image"}',
  };
  const made = await send(`${origin}/v1/generations`, order);
  const missing = await createSmallFetch({ dialect: kiara })(`${origin}/missing`);
  return {
    refused: [refused.code, refused.advice, refused.retryAfterMs, service(refused)],
    small: [small.code, inWords(small.advice), about(small.code)],
    failed: [failed?.code, failed?.advice],
    made: [made.status, await made.json()],
    missing: missing.status,
    retries,
    webhooks: [
      await delivered(kiaraReceiver(), 'secret'),
      await delivered(nativeReceiver(), `whsec_${btoa('a'.repeat(24))}`),
    ],
  };
}

const nameOf = (reason: unknown) =>
  reason instanceof Object && 'code' in reason ? String(reason.code) : 'lost';

async function delivered(
  receiver: ReturnType<typeof kiaraReceiver> | ReturnType<typeof nativeReceiver>,
  secrets: string,
) {
  const { headers, body } = await receiver.signTestEvent('generation.failed', { secrets });
  const request = (text: string) =>
    new Request('http://hooks.test/', { method: 'POST', headers, body: text });
  const good = await receiver.receive(request(body), { secrets });
  const bad = await receiver.receive(request('{}'), { secrets });
  return [good.ok && good.event.failure?.code, bad.ok || bad.refusal];
}

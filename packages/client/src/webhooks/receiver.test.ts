import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Delivery as Sent } from '../../../gateway/src/store/port.ts';
import type { WebhookScheme } from '../../../gateway/src/webhooks/port.ts';
import { createKiaraScheme } from '../../../gateway/src/webhooks/signers/kiara.ts';
import { createLlmtuneScheme } from '../../../gateway/src/webhooks/signers/llmtune.ts';
import { createSkytellsScheme } from '../../../gateway/src/webhooks/signers/skytells.ts';
import { createStandardScheme } from '../../../gateway/src/webhooks/signers/standard.ts';
import {
  kiaraReceiver,
  llmtuneReceiver,
  nativeReceiver,
  skillsVideoReceiver,
  skytellsReceiver,
} from './index.ts';
import type { Delivery, VerifyOptions } from './receiver.ts';

const nowMs = 1_760_000_000_500;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

interface Case {
  readonly name: string;
  readonly scheme: WebhookScheme;
  readonly verify: (delivery: Delivery, options: VerifyOptions) => Promise<{ ok: boolean; refusal?: string }>;
  readonly payload: object;
  readonly signatureHeader: string;
  readonly dated: boolean;
}
const job = { id: 'gen_1', note: 'ä – 漢' };
const cases: readonly Case[] = [
  {
    name: 'kiara',
    scheme: createKiaraScheme(),
    verify: kiaraReceiver().verify,
    signatureHeader: 'X-Kiara-Signature',
    dated: true,
    payload: { id: 'evt_1', type: 'generation.completed', data: job },
  },
  {
    name: 'skytells',
    scheme: createSkytellsScheme(),
    verify: skytellsReceiver().verify,
    signatureHeader: 'X-Skytells-Signature',
    dated: false,
    payload: { ...job, status: 'succeeded' },
  },
  {
    name: 'llmtune',
    scheme: createLlmtuneScheme(),
    verify: llmtuneReceiver().verify,
    signatureHeader: 'X-Webhook-Signature',
    dated: false,
    payload: { event: 'training.completed', data: { jobId: 'gen_1' } },
  },
  {
    name: 'skills-video',
    scheme: createStandardScheme(),
    verify: skillsVideoReceiver().verify,
    signatureHeader: 'webhook-signature',
    dated: true,
    payload: { type: 'task.completed', prediction: { ...job, state: 'succeeded' } },
  },
  {
    name: 'native',
    scheme: createStandardScheme(),
    verify: nativeReceiver().verify,
    signatureHeader: 'webhook-signature',
    dated: true,
    payload: { type: 'generation.succeeded', data: job },
  },
];

describe.each(cases)(
  'what the gateway signs for $name',
  ({ scheme, verify, payload, signatureHeader, dated }) => {
    const body = JSON.stringify(payload);
    const delivery = { id: 'evt_1', event: 'training.completed', body } as Sent;
    const headers = scheme.headers({ delivery, secrets: [SECRET], nowMs });
    const secrets = SECRET;

    it('is believed, as text, bytes or a buffer, and with any of the secrets', async () => {
      const bytes = new TextEncoder().encode(body);
      for (const one of [body, bytes, bytes.buffer])
        expect(await verify({ headers, body: one }, { secrets, nowMs })).toMatchObject({
          ok: true,
          event: { generationId: 'gen_1', state: 'succeeded', failure: null, payload },
        });
      expect((await verify({ headers, body }, { secrets: [OTHER, SECRET], nowMs })).ok).toBe(true);
    });

    it('is not believed with another body, secret or signature, or with none', async () => {
      const wrong = { ok: false, refusal: 'signature_wrong' };
      expect(await verify({ headers, body: `${body} ` }, { secrets, nowMs })).toEqual(wrong);
      expect(await verify({ headers, body }, { secrets: OTHER, nowMs })).toEqual(wrong);
      const zeros = signatureHeader === 'webhook-signature' ? `v1,${btoa('\0'.repeat(32))}` : '0'.repeat(64);
      expect(
        await verify({ headers: { ...headers, [signatureHeader]: zeros }, body }, { secrets, nowMs }),
      ).toEqual(wrong);
      for (const bad of ['', 'v1', 'v1,***', 'zz', '0'.repeat(63), 'é'])
        expect(
          await verify({ headers: { ...headers, [signatureHeader]: bad }, body }, { secrets, nowMs }),
        ).toEqual({
          ok: false,
          refusal: 'header_malformed',
        });
      expect(await verify({ headers: {}, body }, { secrets, nowMs })).toEqual({
        ok: false,
        refusal: 'signature_missing',
      });
    });

    it('is too old after five minutes, and too new five minutes before, where the time is signed', async () => {
      const at = async (ms: number, toleranceMs?: number) => {
        const options = { secrets, nowMs: nowMs + ms, ...(toleranceMs !== undefined && { toleranceMs }) };
        return verify({ headers, body }, options);
      };
      const old = dated ? { ok: false, refusal: 'too_old' } : { ok: true };
      for (const ms of [299_000, -299_000]) expect((await at(ms)).ok).toBe(true);
      for (const ms of [301_000, -301_000, 1e11]) expect(await at(ms)).toMatchObject(old);
      expect(await at(10_000, 5_000)).toMatchObject(old);
    });

    it('must have the form of the dialect', async () => {
      for (const odd of ['', '[]', 'null', '{"data":1}', '{"type":7,"data":{}}', '<html>']) {
        const signed = scheme.headers({ delivery: { ...delivery, body: odd }, secrets: [SECRET], nowMs });
        expect(await verify({ headers: signed, body: odd }, { secrets, nowMs })).toEqual({
          ok: false,
          refusal: 'body_malformed',
        });
      }
    });

    it('is never checked against no secret', async () => {
      await expect(verify({ headers, body }, { secrets: [] })).rejects.toBeInstanceOf(TypeError);
      await expect(verify({ headers, body }, { secrets: '' })).rejects.toBeInstanceOf(TypeError);
      const unset = { secrets: undefined as unknown as string };
      await expect(verify({ headers, body }, unset)).rejects.toThrow('There is no webhook secret.');
    });

    it('says so when its body is not the one that came', async () => {
      const bytes = new TextEncoder().encode(body);
      for (const raw of [body, bytes, bytes.buffer, new DataView(bytes.buffer)] as string[])
        expect((await verify({ headers, body: raw }, { secrets, nowMs })).ok).toBe(true);
      for (const parsed of [JSON.parse(body), {}, undefined, null])
        expect(await verify({ headers, body: parsed as string }, { secrets, nowMs })).toEqual({
          ok: false,
          refusal: 'body_not_raw',
        });
    });
  },
);

describe('Standard Webhooks', () => {
  it('agree with the example of the specification', async () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const options = { secrets: SECRET, nowMs: 1_614_265_330_000 };
    // The body is not an event of ours: the signature is valid, the form is not.
    expect(await nativeReceiver().verify({ headers, body: '{"test": 2432232314}' }, options)).toEqual({
      ok: false,
      refusal: 'body_malformed',
    });
  });

  it('take any of the signatures of a rotation, and no more of them than a rotation has', async () => {
    const body = JSON.stringify({ type: 'generation.succeeded', data: job });
    const delivery = { id: 'evt_1', body } as Sent;
    const headers = createStandardScheme().headers({ delivery, secrets: [OTHER, SECRET], nowMs });
    for (const secrets of [OTHER, SECRET, [SECRET, OTHER]])
      expect((await nativeReceiver().verify({ headers, body }, { secrets, nowMs })).ok).toBe(true);
    const [, right] = String(headers['webhook-signature']).split(' ');
    const with_ = async (signature: string) =>
      (
        await nativeReceiver().verify(
          { headers: { ...headers, 'webhook-signature': signature }, body },
          { secrets: SECRET, nowMs },
        )
      ).ok;
    expect(await with_(`v1a,x v2,y ${right}`)).toBe(true);
    expect(await with_(`${'v1,AAAA '.repeat(16)}${right}`)).toBe(false);
  });

  it('refuse a secret that is no base64', async () => {
    const headers = { 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' };
    await expect(
      nativeReceiver().verify({ headers, body: '{}' }, { secrets: 'whsec_*' }),
    ).rejects.toBeInstanceOf(TypeError);
  });
});

describe('LLMTune', () => {
  it('tells of a cancelled job by the event of a failed one', async () => {
    const { signTestEvent, verify } = llmtuneReceiver();
    const job = { id: 'ft_1', status: 'cancelled', error: undefined };
    const signed = await signTestEvent('training.failed', { secrets: 's', job });
    expect(await verify(signed, { secrets: 's' })).toMatchObject({
      ok: true,
      event: { type: 'training.failed', state: 'canceled', failure: null, generationId: 'ft_1' },
    });
  });
});

describe('header names', () => {
  it('may have those of HTTP/2 among them', async () => {
    const { signTestEvent, verify } = kiaraReceiver();
    const { headers, body } = await signTestEvent('generation.completed', { secrets: 's' });
    const delivery = { headers: { ...headers, ':method': 'POST', ':path': '/hooks' }, body };
    expect(await verify(delivery, { secrets: 's' })).toMatchObject({ ok: true });
  });

  it('can be chosen', async () => {
    const body = JSON.stringify({ type: 'generation.completed', data: job });
    const signature = createHmac('sha256', 's').update(`1760000000.${body}`).digest('hex');
    const receiver = kiaraReceiver({ timestampHeader: 'X-Time', signatureHeader: 'X-Sign' });
    const headers = { 'x-time': '1760000000', 'x-sign': signature };
    expect((await receiver.verify({ headers, body }, { secrets: 's', nowMs })).ok).toBe(true);
  });
});

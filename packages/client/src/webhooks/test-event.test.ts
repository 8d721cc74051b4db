import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  kiaraReceiver,
  llmtuneReceiver,
  nativeReceiver,
  type Receiver,
  type SkillsVideoEvent,
  skillsVideoReceiver,
  skytellsReceiver,
} from './index.ts';

const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_AAAAAAAAAAAAAAAAAAAAAAAA'];
const nowMs = 1_760_000_000_500;

async function roundTrip<D extends Parameters<typeof told>[1], T extends string>(
  receiver: Receiver<D, T>,
  type: T,
) {
  const { headers, body } = await receiver.signTestEvent(type, { secrets, nowMs, id: 'evt_7' });
  const request = new Request('http://receiver.test/', { method: 'POST', headers, body });
  return receiver.receive(request, { secrets, nowMs });
}
function told(
  type: string,
  dialect: 'kiara' | 'skytells' | 'llmtune' | 'skills-video' | 'native',
  state: string | null,
) {
  const failure = state === 'failed' ? { dialect, generationId: 'gen_test' } : null;
  return { ok: true, event: { type, name: type, dialect, state, generationId: 'gen_test', failure } };
}

describe('a test event is believed by its receiver', () => {
  it.each([
    ['generation.completed', 'succeeded'],
    ['generation.failed', 'failed'],
  ] as const)('kiara %s', async (type, state) => {
    const verified = await roundTrip(kiaraReceiver(), type);
    expect(verified).toMatchObject(told(type, 'kiara', state));
    expect(verified).toMatchObject({ event: { id: 'evt_7' } });
  });

  it.each([
    ['prediction.started', 'started'],
    ['prediction.succeeded', 'succeeded'],
    ['prediction.failed', 'failed'],
    ['prediction.cancelled', 'canceled'],
  ] as const)('skytells %s', async (type, state) => {
    expect(await roundTrip(skytellsReceiver(), type)).toMatchObject(told(type, 'skytells', state));
  });

  it.each([
    ['training.started', 'started'],
    ['training.completed', 'succeeded'],
    ['training.failed', 'failed'],
    ['model.deployed', null],
    ['batch.completed', 'succeeded'],
  ] as const)('llmtune %s', async (type, state) => {
    expect(await roundTrip(llmtuneReceiver(), type)).toMatchObject(told(type, 'llmtune', state));
  });

  it.each([
    ['task.created', 'created'],
    ['task.started', 'started'],
    ['task.completed', 'succeeded'],
    ['task.failed', 'failed'],
    ['task.canceled', 'canceled'],
  ] as const)('skills-video %s', async (type, state) => {
    const verified = await roundTrip(skillsVideoReceiver(), type);
    expect(verified).toMatchObject(told(type, 'skills-video', state));
    expect(verified).toMatchObject({ event: { id: 'evt_7' } });
  });

  it.each([
    ['generation.created', 'created'],
    ['generation.started', 'started'],
    ['generation.succeeded', 'succeeded'],
    ['generation.failed', 'failed'],
    ['generation.canceled', 'canceled'],
  ] as const)('native %s', async (type, state) => {
    expect(await roundTrip(nativeReceiver(), type)).toMatchObject(told(type, 'native', state));
  });

  it('with what the test wants in its job', async () => {
    const receiver = llmtuneReceiver();
    const job = { batchId: 'b_1', status: 'failed', error: 'm' };
    const signed = await receiver.signTestEvent('batch.completed', { secrets, job });
    const verified = await receiver.verify(signed, { secrets });
    expect(verified).toMatchObject({
      event: { state: 'failed', generationId: 'b_1', failure: { message: 'm' } },
    });
  });
});

describe('an event', () => {
  it('that is new is `other`, by its own name', async () => {
    const receiver: Receiver<'skills-video', SkillsVideoEvent> = skillsVideoReceiver();
    const signed = await receiver
      .signTestEvent('task.paused' as 'task.started', { secrets })
      .catch(() => undefined);
    expect(signed).toBeUndefined();
    const kiara = kiaraReceiver();
    const unknown = await kiara.signTestEvent('generation.paused' as 'generation.failed', { secrets });
    expect(await kiara.verify(unknown, { secrets })).toMatchObject({
      ok: true,
      event: { type: 'other', name: 'generation.paused', state: null },
    });
  });

  it('narrows by its type', async () => {
    const verified = await roundTrip(kiaraReceiver(), 'generation.failed');
    if (!verified.ok) throw new Error(verified.refusal);
    expectTypeOf(verified.event.type).toEqualTypeOf<'generation.completed' | 'generation.failed' | 'other'>();
  });

  it('of skytells may be a bare prediction, in any spelling', async () => {
    const receiver = skytellsReceiver();
    for (const status of ['cancelled', 'canceled']) {
      const body = JSON.stringify({ id: 'gen_1', status });
      const { createHmac } = await import('node:crypto');
      const headers = { 'x-skytells-signature': createHmac('sha256', 'sk-1').update(body).digest('hex') };
      expect(await receiver.verify({ headers, body }, { secrets: 'sk-1' })).toMatchObject({
        event: { type: 'prediction.cancelled', id: null },
      });
    }
  });
});

import { describe, expect, it } from 'vitest';
import { type DialectName, parseError, parseErrorBody, parseFailure } from './index.ts';

const failedTask = {
  id: 'gen_1',
  status: 'FAILED',
  data: null,
  code: 'IMAGE_GENERATION_CONTENT_REJECTED',
  message: 'm',
};

describe('a failure inside a 200', () => {
  it('is found by parseError as well', async () => {
    const error = await parseError('skills-video', Response.json(failedTask));
    expect(error).toMatchObject({
      code: 'content_rejected',
      advice: 'rewrite_prompt',
      status: 200,
      generationId: 'gen_1',
      wireCode: 'IMAGE_GENERATION_CONTENT_REJECTED',
      mayHaveBeenCharged: false,
    });
  });

  it.each([
    [
      'kiara',
      {
        id: 'evt_1',
        type: 'generation.failed',
        data: { id: 'gen_1', status: 'failed', error: { code: 'generation_failed', message: 'm' } },
      },
    ],
    ['skytells', { type: 'prediction.failed', data: { id: 'gen_1', status: 'failed', error: 'm' } }],
    ['skytells', { id: 'gen_1', status: 'failed', error: 'm', output: null }],
    ['llmtune', { event: 'training.failed', data: { jobId: 'gen_1', modelName: 'x', error: 'm' } }],
    [
      'llmtune',
      { event: 'batch.completed', data: { batchId: 'gen_1', status: 'failed', results: [], error: 'm' } },
    ],
    ['skills-video', { type: 'task.failed', prediction: { ...failedTask, state: 'failed' } }],
    ['skills-video', { type: 'task.failed', prediction: { id: 'gen_1', state: 'failed', message: 'm' } }],
    ['skills-video', { id: 'gen_1', status: 'failed', message: 'm' }],
    [
      'native',
      {
        type: 'generation.failed',
        data: { id: 'gen_1', status: 'failed', error: { code: 'content_rejected', message: 'm' } },
      },
    ],
  ] as const)('is told by a webhook of %s', (dialect, payload) => {
    for (const value of [payload, JSON.stringify(payload)])
      expect(parseFailure(dialect, value)).toMatchObject({
        generationId: 'gen_1',
        message: 'm',
        status: null,
      });
  });

  it('is told by the events of a stream, complete or cut off', () => {
    const progress = { id: 'gen_1', status: 'IN_PROGRESS', data: null };
    const stream = `data: ${JSON.stringify(progress)}\r\n\r\n: ping\r\n\r\ndata: ${JSON.stringify(failedTask)}\r\n\r\ndata: {"id`;
    expect(parseFailure('skills-video', stream)?.code).toBe('content_rejected');
    expect(parseErrorBody('skills-video', { status: 200, body: stream }).generationId).toBe('gen_1');
    const native = `id: 4\nevent: ended\ndata: {"id":"gen_1","status":"failed","error":{"code":"upstream_timeout"}}\n\n`;
    expect(parseFailure('native', native)).toMatchObject({ code: 'upstream_timeout', generationId: 'gen_1' });
  });

  it('is told in the middle of a text, which has been paid for so far', () => {
    const chunk = 'data: {"id":"c","choices":[{"delta":{"content":"a"}}]}\n\n';
    const llmtune = `${chunk}data: {"error":"upstream_error","message":"m"}\n\n`;
    expect(parseFailure('llmtune', llmtune)).toMatchObject({
      code: 'upstream_failed',
      mayHaveBeenCharged: true,
    });
    const skytells = `${chunk}data: {"error":{"error_id":"INFERENCE_ERROR","message":"m","status":500}}\n\n`;
    expect(parseFailure('skytells', skytells)).toMatchObject({
      code: 'upstream_failed',
      mayHaveBeenCharged: true,
    });
  });

  it.each<[DialectName, object, string | null]>([
    ['llmtune', { error: 'model_overloaded' }, 'model_overloaded'],
    ['llmtune', { error: 'The GPU caught fire' }, null],
    ['llmtune', { error: { message: 'm', code: 'gpu' } }, 'gpu'],
    ['skytells', { error: { error_id: 'GPU_ON_FIRE', message: 'm' } }, 'GPU_ON_FIRE'],
    [
      'skytells',
      { type: 'response.failed', response: { id: 'r', error: { code: 'server_error' } } },
      'server_error',
    ],
    ['skytells', { type: 'error', code: 'server_error', message: 'm' }, 'server_error'],
    ['kiara', { type: 'error' }, null],
    ['native', { code: 'made_up', title: 't' }, 'made_up'],
    ['skills-video', { code: 'VIDEO_GENERATION_MADE_UP' }, 'VIDEO_GENERATION_MADE_UP'],
  ])('is seen in %s also where nobody knows it: %j', (dialect, event, wireCode) => {
    for (const value of [event, `data: {"choices":[]}\n\ndata: ${JSON.stringify(event)}\n\n`])
      expect(parseFailure(dialect, value)).toMatchObject({
        code: 'upstream_failed',
        wireCode,
        mayHaveBeenCharged: true,
      });
  });

  it('is not seen in what went well', () => {
    for (const fine of [
      { type: 'response.completed', response: { id: 'r', error: null } },
      { type: 'response.output_text.delta', delta: 'a' },
      { id: 'c', choices: [], error: null },
      { choices: [{ delta: { content: 'a' } }] },
    ])
      for (const dialect of ['llmtune', 'skytells'] as const)
        expect(parseFailure(dialect, fine)).toBeUndefined();
  });

  it('is looked for in no more time than a text is worth', () => {
    const begin = performance.now();
    for (const piece of ['\n\n', 'data:{\n\n'])
      expect(parseFailure('kiara', piece.repeat(1e6))).toBeUndefined();
    // A second is a hundred times what it takes; trying each event in vain took half a minute.
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  it('is final also where its code is not known', () => {
    const job = { id: 'gen_1', status: 'failed', error: { code: 'brand_new', message: 'm' } };
    expect(parseFailure('getimg', job)).toMatchObject({
      code: 'upstream_failed',
      retry: 'after_fix',
      wireCode: 'brand_new',
    });
    expect(parseFailure('kiara', { id: 'gen_1', status: 'failed' })?.retry).toBe('after_fix');
  });

  it('may cost what was done, by the contract of training and by what Genlock tells', () => {
    expect(parseFailure('llmtune', { jobId: 'j', status: 'failed', error: 'm' })?.mayHaveBeenCharged).toBe(
      true,
    );
    const job = (charged_usd: string) => ({
      id: 'g',
      status: 'failed',
      error: { code: 'upstream_failed' },
      cost: { charged_usd },
    });
    expect(parseFailure('native', job('0.00'))?.mayHaveBeenCharged).toBe(false);
    expect(parseFailure('native', job('0.02'))?.mayHaveBeenCharged).toBe(true);
  });

  it('is not what a queued prediction says of itself', () => {
    const quirk = { status: false, id: 'gen_1', error: { message: 'queued' } };
    expect(parseFailure('skytells', quirk)).toBeUndefined();
  });
});

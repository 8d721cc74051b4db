import { describe, expect, it } from 'vitest';
import { understoodRows } from './understood.ts';

const answer = (status: number, code: string, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers({ 'content-type': 'application/json', ...headers }),
  body: JSON.stringify({ error: { code, message: 'm', request_id: 'req_1' } }),
});

describe('what provokes asks of the client', () => {
  it('is to name the rows that were told, in answers and in jobs', async () => {
    const failed = { id: 'gen_1', status: 'failed', error: { code: 'generation_failed', message: 'm' } };
    const job = { status: 200, headers: new Headers(), body: JSON.stringify(failed) };
    const fine = { ...job, body: '{"id":"gen_2","status":"completed"}' };
    const limited = answer(429, 'queue_full', { 'retry-after': '7' });
    expect(await understoodRows('kiara', [limited, job, fine])).toEqual(
      new Set(['queue_full@429', 'generation_failed@job']),
    );
  });

  it.each([
    ['a code that no table has', answer(400, 'brand_new'), /no row/],
    ['a status of another row', answer(402, 'queue_full'), /no row/],
    ['a page of HTML', { ...answer(502, ''), body: '<h1>Bad gateway</h1>' }, /no row/],
    ['a limit that does not say how long', answer(429, 'queue_full'), /asks for null/],
  ])('fails for %s', async (_what, told, message) => {
    await expect(understoodRows('kiara', [told])).rejects.toThrow(message);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForEnd } from '../gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { expectProblem, orderImage } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

describe('POST /accounts/{id}/top-ups', () => {
  const available = async (id: string) =>
    (await gateway.admin<{ balance: { available_usd: string } }>('GET', `/accounts/${id}`)).body.balance
      .available_usd;

  it('credits, once per reference', async () => {
    const { id } = await gateway.createAccount();
    const path = `/accounts/${id}/top-ups`;
    const first = await gateway.admin('POST', path, { usd: '10.00', reference: 'invoice-1' });
    expect(first).toMatchObject({
      status: 201,
      body: { account_id: id, type: 'top_up', usd: '10', bucket: 'permanent', reference: 'invoice-1' },
    });
    expect(await gateway.admin('POST', path, { usd: '10', reference: 'invoice-1' })).toEqual({
      status: 200,
      body: first.body,
    });
    expectProblem(await gateway.admin('POST', path, { usd: '11', reference: 'invoice-1' }), 409, 'reference');
    expect(await available(id)).toBe('10');
    expect(
      (await gateway.admin('POST', path, { usd: '0.000001', bucket: 'subscription' })).body,
    ).toMatchObject({
      usd: '0.000001',
      bucket: 'subscription',
      reference: null,
    });
    expect(await available(id)).toBe('10.000001');
  });

  it('credits once, however many come at a time', async () => {
    const { id } = await gateway.createAccount();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '5', reference: 'r' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(await available(id)).toBe('5');
  });

  it.each([
    [{}, 'usd'],
    [{ usd: 10 }, 'usd'],
    [{ usd: '0' }, 'usd'],
    [{ usd: '0.00' }, 'usd'],
    [{ usd: '1,5' }, 'usd'],
    [{ usd: '1000000001' }, 'usd'],
    [{ usd: '1', bucket: 'gift' }, 'bucket'],
    [{ usd: '1', reference: 'a\nb' }, 'reference'],
    [{ usd: '1', reference: '' }, 'reference'],
    [{ usd: '1', note: 'x' }, 'note'],
  ])('refuses %j', async (body, param) => {
    const { id } = await gateway.createAccount();
    expectProblem(await gateway.admin('POST', `/accounts/${id}/top-ups`, body), 422, param);
    expect(await available(id)).toBe('0');
  });

  it('refuses what cannot be added up exactly', async () => {
    const { id } = await gateway.createAccount({ credit_usd: '1000000000' });
    for (let i = 0; i < 8; i++) await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1000000000' });
    expectProblem(await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1000000000' }), 422, 'usd');
    expect(await available(id)).toBe('9000000000');
  });

  it('knows no account', async () => {
    expectProblem(await gateway.admin('POST', '/accounts/acct_x/top-ups', { usd: '1' }), 404);
  });
});

describe('GET /accounts/{id}/ledger', () => {
  it('tells the whole story of a job, oldest first', async () => {
    const { id, key } = await gateway.customer({ credit_usd: '1' });
    const job = await orderImage(gateway, key.key);
    await waitForEnd(gateway.core, job, 30_000);
    const { body } = await gateway.admin<{ data: object[] }>('GET', `/accounts/${id}/ledger`);
    expect(body.data).toMatchObject([
      { type: 'top_up', usd: '1', generation_id: null },
      { type: 'hold', generation_id: job },
      { type: 'capture', generation_id: job },
    ]);
    expect(Object.keys(body.data[0] ?? {})).toEqual(['id', 'type', 'usd', 'generation_id', 'at']);
  });

  it('is paged', async () => {
    const { id } = await gateway.createAccount();
    const amounts = Array.from({ length: 105 }, (_, index) => String(index + 1));
    for (const usd of amounts) await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd });
    type Page = { data: { usd: string }[]; next_cursor: string | null };
    const first = (await gateway.admin<Page>('GET', `/accounts/${id}/ledger`)).body;
    expect(first.data).toHaveLength(100);
    const second = (await gateway.admin<Page>('GET', `/accounts/${id}/ledger?cursor=${first.next_cursor}`))
      .body;
    expect(second.next_cursor).toBeNull();
    // As a script writes it before it has a cursor.
    expect((await gateway.admin<Page>('GET', `/accounts/${id}/ledger?cursor=`)).body).toEqual(first);
    expect([...first.data, ...second.data].map(({ usd }) => usd)).toEqual(amounts);
  });

  it('refuses a cursor that is none, and unknown ids and fields', async () => {
    const { id } = await gateway.createAccount();
    expectProblem(await gateway.admin('GET', `/accounts/${id}/ledger?cursor=%21`), 422, 'cursor');
    expectProblem(await gateway.admin('GET', `/accounts/${id}/ledger?cursor=1&cursor=2`), 422, 'cursor');
    expectProblem(await gateway.admin('GET', `/accounts/${id}/ledger?page=2`), 422, 'page');
    expectProblem(await gateway.admin('GET', '/accounts/acct_x/ledger'), 404);
  });
});

describe('POST /top-ups/{id}/confirm', () => {
  it('credits a pending top-up once', async () => {
    const { id, key } = await gateway.customer({ credit_usd: '0' });
    const bought = await fetch(`${gateway.url}/kiara/v1/topups`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ pack: 'pack_25' }),
    });
    const pending = (await bought.json()) as { id: string };
    expect(bought.status, JSON.stringify(pending)).toBeLessThan(300);

    const confirmed = await gateway.admin('POST', `/top-ups/${pending.id}/confirm`);
    expect(confirmed).toMatchObject({
      status: 200,
      body: { id: pending.id, account_id: id, status: 'paid' },
    });
    expect((await gateway.admin('POST', `/top-ups/${pending.id}/confirm`)).body).toEqual(confirmed.body);
    const { body } = await gateway.admin<{ data: { type: string; usd: string }[] }>(
      'GET',
      `/accounts/${id}/ledger`,
    );
    expect(body.data).toMatchObject([{ type: 'top_up', usd: confirmed.body.usd }]);
  });

  it('knows no top-up', async () => {
    expectProblem(await gateway.admin('POST', '/top-ups/top_x/confirm'), 404);
  });
});

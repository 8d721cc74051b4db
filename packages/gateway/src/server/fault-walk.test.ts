import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { M, startFiles, zorbs } from '../dialects/llmtune/testing.ts';
import { waitForEnd } from '../gateway/waiting/wait.ts';
import { balanceOf, movesOf } from '../testing/books.ts';
import { type Answer, bearer, type Call, callsTo, idOf } from '../testing/call.ts';
import { FaultWalks, type Outcome, type Walk } from '../testing/fault-walk.ts';
import type { TestGateway } from '../testing/gateway.ts';
import { type Order, orders } from '../testing/orders.ts';
import { PIXEL } from '../testing/pixel.ts';

vi.setConfig({ maxConcurrency: 60, testTimeout: 120_000 });

const TRAINING = '/llmtune/api/fine-tune/training/start';

/** Each is a gateway, and walks one call at a time. */
const LANES = 12;

let walks: FaultWalks;
let all = 0;
beforeAll(async () => {
  walks = await FaultWalks.open(LANES);
});
afterAll(() => walks.close());

async function walk<State>(walk: Walk<State>): Promise<void> {
  const { walked, wrong } = await walks.walk(walk);
  all += walked;
  expect(wrong).toEqual([]);
  expect(walked).toBeGreaterThan(1);
}

/** Whether an answer leaves open what became of the call, so that nobody makes it again by himself. */
function isUnknown({ headers }: Answer): boolean {
  return headers.get('x-should-retry') === 'false';
}

function asOperator({ url, adminToken }: TestGateway): Call {
  return callsTo(`${url}/admin/v1`, bearer(adminToken));
}

/** Waits until the provider has a job. */
async function underWay({ core: { store } }: TestGateway, id: string): Promise<void> {
  await vi.waitUntil(async () => (await store.attempts(id)).some(({ upstreamId }) => upstreamId !== null));
}

/** Orders of these can be sent again under the same key. */
function hasKeys([dialect, path]: Order): boolean {
  return ['kiara', 'getimg', 'native'].includes(dialect) || path.includes('/batch/');
}

/** The same with a webhook, where an order can name one. */
function withWebhook([dialect, path, body]: Order, url: string): object {
  if (dialect === 'kiara') return { ...body, webhook_url: url };
  if (dialect === 'native') return { ...body, webhook: { url } };
  if (path.includes('/predict')) return { ...body, webhook: { url, events: ['completed', 'failed'] } };
  if (path.includes('/batch/')) return { ...body, webhookUrl: url };
  return body;
}

/** What a stream ends with that has told everything. */
function lastWord([dialect, path, body]: Order): string {
  if (path.includes('/sse/')) return 'COMPLETED';
  if (!('stream' in body)) return '';
  return dialect === 'native' ? 'event: ended' : '[DONE]';
}

/** Whether the answer says that the order was taken on, or done. */
function isTold({ answer }: Pick<Outcome, 'answer'>, order: Order): boolean {
  return answer.status < 300 && answer.text.includes(lastWord(order));
}

describe.concurrent('an order is told as it stands, and paid once, whatever call of the store fails', () => {
  it.each(orders)('%s %s %j', async (...order) => {
    const [dialect, path] = order;
    await walk({
      dialect,
      before: async ({ gateway, account, hook }) => {
        // Its receivers are set up for an account.
        if (dialect === 'skills-video')
          await gateway.admin('POST', `/accounts/${account}/webhook-endpoints`, { dialect, url: hook });
      },
      act: ({ call, hook, headers }) =>
        call('POST', path, withWebhook(order, hook), hasKeys(order) ? headers : {}),
      async judge(outcome) {
        const { answer, seen, call, hook, headers, clean, account, gateway } = outcome;
        const wrong: string[] = [];
        const [made] = seen;
        const told = isTold(outcome, order);
        const said = `${answer.status} ${answer.text.slice(-200)}`;
        if (clean === undefined && (!told || made?.status !== 'succeeded')) wrong.push(`refused: ${said}`);
        if (seen.length > 1) wrong.push(`held ${seen.length} times`);
        if (told && made === undefined) wrong.push(`told of an order that is not there: ${said}`);
        // Who may send it again without being asked would pay twice.
        const kept = made !== undefined && Number(made.charged_usd) > 0;
        if (!told && kept && answer.headers.get('x-should-retry') !== 'false')
          wrong.push(`paid, and told ${said}`);
        if (made !== undefined && made.status !== 'succeeded')
          wrong.push(`${made.status}: ${made.error?.code}`);
        const expected = clean?.seen[0];
        if (made !== undefined && expected !== undefined) {
          const shown = clean?.answer.text.includes(expected.id) === true;
          if (told && shown && !answer.text.includes(made.id)) wrong.push(`told of another order: ${said}`);
          const events = ({ deliveries }: typeof made) => deliveries.map(({ event }) => event).join();
          if (events(made) !== events(expected)) wrong.push(`told by webhooks: ${events(made)}`);
        }
        if (!hasKeys(order)) return wrong;
        const again = await call('POST', path, withWebhook(order, hook), headers);
        if (again.status >= 300) wrong.push(`sent again: ${again.status} ${again.text}`);
        if (made !== undefined && !again.text.includes(made.id)) wrong.push('sent again: another order');
        const { data } = await gateway.core.store.ledger(account, 100);
        if (data.filter(({ type }) => type === 'hold').length !== 1) wrong.push('sent again: held again');
        return wrong;
      },
    });
  });
});

describe.concurrent('whatever call of the store fails, what was asked for is told as it stands', () => {
  it.each([
    ['kiara', '/kiara/v1/generations', { prompt: 'a mug' }],
    ['native', '/v1/generations', { model: 'genlock/image', input: { prompt: 'a mug' } }],
  ])('a retry: %s', async (dialect, path, body) => {
    await walk({
      dialect,
      before: async ({ call, upstream, gateway }) => {
        upstream.mood = 'refuses';
        const id = idOf(await call('POST', path, body));
        await waitForEnd(gateway.core, id, 10_000);
        upstream.mood = 'works';
        return id;
      },
      act: ({ call, headers, state }) => call('POST', `${path}/${state}/retry`, {}, headers),
      async judge({ answer, seen, call, headers, state, account, gateway }) {
        const wrong: string[] = [];
        const [failed, made] = seen;
        const said = `${answer.status} ${answer.text.slice(-200)}`;
        if (failed?.status !== 'failed') wrong.push(`the first: ${failed?.status}`);
        if (answer.status < 300 && made?.status !== 'succeeded')
          wrong.push(`${made?.status}, and told ${said}`);
        if (answer.status >= 300 && made !== undefined && !isUnknown(answer))
          wrong.push(`paid, and told ${said}`);
        const again = await call('POST', `${path}/${state}/retry`, {}, headers);
        if (again.status >= 300) wrong.push(`sent again: ${again.status} ${again.text}`);
        if (made !== undefined && !again.text.includes(made.id)) wrong.push('sent again: another one');
        if ((await movesOf(gateway, account)).filter((move) => move.startsWith('hold')).length !== 2)
          wrong.push('sent again: held again');
        return wrong;
      },
    });
  });

  it.each([
    ['kiara', '/kiara/v1/generations', { prompt: 'a mug' }, 'queued'],
    ['native', '/v1/generations', { model: 'genlock/image', input: { prompt: 'a mug' } }, 'queued'],
    ['native', '/v1/generations', { model: 'genlock/image', input: { prompt: 'a mug' } }, 'running'],
    ['skytells', '/skytells/v1/predictions', { model: 'truefusion', input: { prompt: 'a mug' } }, 'running'],
  ])('a cancel: %s %s %j, %s', async (dialect, path, body, when) => {
    await walk({
      dialect,
      before: async ({ call, store, upstream, gateway }) => {
        if (when === 'queued') store.holdsClaims = true;
        else upstream.mood = 'endless';
        const id = idOf(await call('POST', path, body));
        if (when === 'running') await underWay(gateway, id);
        return id;
      },
      act: async ({ call, state }) => {
        const first = await call('POST', `${path}/${state}/cancel`);
        // Whoever was told that it failed asks again.
        return first.status < 300 ? first : call('POST', `${path}/${state}/cancel`);
      },
      judge: ({ answer, seen }) => [
        ...(answer.status < 300 ? [] : [`told ${answer.status} ${answer.text}`]),
        ...seen.flatMap(({ status, charged_usd }) =>
          status === 'canceled' && Number(charged_usd) === 0 ? [] : [`${status}, charged ${charged_usd}`],
        ),
      ],
    });
  });

  it.each(['ended', 'running'])('a delete of what has %s: skytells', async (when) => {
    const path = '/skytells/v1/predictions';
    await walk({
      dialect: 'skytells',
      before: async ({ call, upstream, gateway }) => {
        if (when === 'running') upstream.mood = 'endless';
        const id = idOf(await call('POST', path, { model: 'truefusion', input: { prompt: 'a mug' } }));
        await (when === 'running' ? underWay(gateway, id) : waitForEnd(gateway.core, id, 10_000));
        return id;
      },
      act: async ({ call, state }) => {
        const first = await call('DELETE', `${path}/${state}`);
        return first.status < 300 ? first : call('DELETE', `${path}/${state}`);
      },
      async judge({ answer, seen, call, state }) {
        const wrong = answer.status < 300 ? [] : [`told ${answer.status} ${answer.text}`];
        if ((await call('GET', `${path}/${state}`)).status < 400) wrong.push('it is still there');
        const charged = Number(seen[0]?.charged_usd);
        if (when === 'ended' ? charged === 0 : charged > 0) wrong.push(`charged ${charged}`);
        return wrong;
      },
    });
  });

  it('a training: llmtune', async () => {
    const files = await startFiles();
    files.files.set('zorbs.jsonl', zorbs(8));
    const order = {
      baseModel: M,
      dataset: files.url('zorbs.jsonl'),
      trainingMethod: 'sft',
      hyperparameters: { learningRate: 0.001, epochs: 1, batchSize: 8 },
    };
    await walk({
      dialect: 'llmtune',
      act: ({ call, hook, headers }) => call('POST', TRAINING, { ...order, webhookUrl: hook }, headers),
      async judge({ answer, seen, call, hook, headers }) {
        const wrong: string[] = [];
        const [made] = seen;
        const said = `${answer.status} ${answer.text}`;
        if (answer.status < 300 && made?.status !== 'succeeded')
          wrong.push(`${made?.status}, and told ${said}`);
        if (answer.status >= 300 && made !== undefined && !isUnknown(answer))
          wrong.push(`paid, and told ${said}`);
        const again = await call('POST', TRAINING, { ...order, webhookUrl: hook }, headers);
        if (made !== undefined && !again.text.includes(made.id)) wrong.push('sent again: another one');
        if (made?.deliveries.length === 0) wrong.push('told by no webhook');
        return wrong;
      },
    });
    files.close();
  });

  it('a cancel of a training: llmtune', async () => {
    const files = await startFiles();
    files.files.set('zorbs.jsonl', zorbs(8));
    await walk({
      dialect: 'llmtune',
      before: async ({ call, upstream, gateway }) => {
        upstream.mood = 'endless';
        const dataset = files.url('zorbs.jsonl');
        const { json } = await call('POST', TRAINING, { baseModel: M, dataset, trainingMethod: 'sft' });
        await underWay(gateway, String(json.jobId));
        return String(json.jobId);
      },
      act: async ({ call, state }) => {
        const path = `/llmtune/api/training/${state}/cancel`;
        const first = await call('POST', path);
        return first.status < 300 ? first : call('POST', path);
      },
      judge: ({ answer, seen }) => [
        ...(answer.status < 300 ? [] : [`told ${answer.status} ${answer.text}`]),
        ...(seen[0]?.status === 'canceled' ? [] : [`${seen[0]?.status}`]),
      ],
    });
    files.close();
  });

  it.each([
    ['kiara', '/kiara/v1/uploads'],
    ['native', '/v1/uploads'],
  ])('an upload: %s', async (dialect, path) => {
    await walk({
      dialect,
      act: ({ call }) => call('POST', path, PIXEL, { 'content-type': 'image/png' }),
      async judge({ answer, gateway }) {
        if (answer.status >= 300) return [];
        const asset = await gateway.core.store.asset(idOf(answer));
        const kept = asset && (await gateway.core.blobs.size(asset.blob));
        return kept === undefined ? ['told of a file that is not there'] : [];
      },
    });
  });

  it.each([true, false])('a pack of credits, and its confirmation, with a key (%s): kiara', async (keyed) => {
    const pack = { pack: 'pack_10' };
    await walk({
      dialect: 'kiara',
      act: ({ call, headers }) => call('POST', '/kiara/v1/topups', pack, keyed ? headers : {}),
      async judge({ answer, call, headers, gateway, account, store }) {
        const wrong: string[] = [];
        const made = store.counts.has('createPendingTopUp');
        if (answer.status >= 300 && made && store.lost === 'createPendingTopUp')
          wrong.push(`told ${answer.status}`);
        const again = await call('POST', '/kiara/v1/topups', pack, headers);
        if (keyed && answer.status < 300 && idOf(again) !== idOf(answer))
          wrong.push('sent again: another one');
        await gateway.admin('POST', `/top-ups/${idOf(again)}/confirm`);
        const { available_usd } = await balanceOf(gateway, account);
        if (available_usd !== '110') wrong.push(`credited to ${available_usd}`);
        return wrong;
      },
    });
  });

  it('a confirmation of a payment: the operator', async () => {
    await walk({
      dialect: 'kiara',
      before: async ({ call }) => idOf(await call('POST', '/kiara/v1/topups', { pack: 'pack_10' })),
      act: ({ gateway, state }) => asOperator(gateway)('POST', `/top-ups/${state}/confirm`),
      async judge({ gateway, account, state }) {
        const again = await gateway.admin('POST', `/top-ups/${state}/confirm`);
        const { available_usd } = await balanceOf(gateway, account);
        return again.status === 200 && available_usd === '110' ? [] : [`${again.status} ${available_usd}`];
      },
    });
  });

  it.each(['invoice-1', null])('a credit under the reference %s: the operator', async (reference) => {
    await walk({
      dialect: 'kiara',
      act: ({ gateway, account }) =>
        asOperator(gateway)('POST', `/accounts/${account}/top-ups`, { usd: '10', reference }),
      async judge({ answer, gateway, account }) {
        const again = { usd: '10', reference };
        if (reference !== null) await gateway.admin('POST', `/accounts/${account}/top-ups`, again);
        const { available_usd } = await balanceOf(gateway, account);
        const credited = available_usd === '110';
        if (reference !== null) return credited ? [] : [`has ${available_usd}`];
        // Nothing tells it from another: whoever is told that it failed has to be right, or to look.
        return isUnknown(answer) || credited === answer.status < 300
          ? []
          : [`${answer.status}, has ${available_usd}`];
      },
    });
  });
});

it('has walked along every call of the store, and left the books and the files in order', async () => {
  // What is walked is found out on the way: a walk that finds nothing to walk would find no fault.
  expect(all).toBeGreaterThan(350);
  expect(await walks.inTheEnd()).toEqual([]);
});

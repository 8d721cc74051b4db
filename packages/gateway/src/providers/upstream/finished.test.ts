import { expect, it } from 'vitest';
import type { ProviderCall } from '../port.ts';
import { finishedWith } from './finished.ts';
import type { Upstream } from './upstream.ts';

const refused = Object.assign(new Error('not a public address'), { reason: 'refused' });
const fetchPublic = async (url: string): Promise<Uint8Array> => {
  if (url.endsWith('lost')) throw refused;
  return Buffer.from(url);
};
const parts = {
  upstream: { origin: 'https://up.test' } as Upstream,
  tools: { folder: '.', fetchPublic },
};
const call = {
  request: { kind: 'image', prompt: 'x', count: 3, format: 'png', seed: 1 },
  signal: new AbortController().signal,
} as unknown as ProviderCall;
const finish = (...names: string[]) => {
  const links = names.map((name) => ({ url: `https://cdn.test/${name}`, contentType: 'image/png' }));
  return finishedWith(links, call, parts, { cost: 7 });
};

it('brings the files that could be fetched, in their order, and why the others could not', async () => {
  const reply = await finish('a', 'lost', 'b');
  expect(reply).toMatchObject({
    state: 'finished',
    cost: 7,
    lostFiles: [{ code: 'upstream_invalid_result', detail: { accepted: 'yes' } }],
  });
  if (reply.state !== 'finished') throw new Error(reply.state);
  expect(reply.outputs.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
    'https://cdn.test/a',
    'https://cdn.test/b',
  ]);
  expect(await finish('a')).not.toHaveProperty('lostFiles');
});

it('has nothing to bring where none could be fetched: they may be there when it is asked again', async () => {
  await expect(finish('lost')).rejects.toMatchObject({ code: 'upstream_invalid_result' });
});

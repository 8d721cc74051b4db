import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { scripted } from '../../testing/scripted-provider.ts';
import type { ProviderCall } from '../port.ts';
import { withRedaction } from './with-redaction.ts';

const said = () =>
  new GenlockError('upstream_failed', undefined, {
    raw: 'k-123 refused "a red mug"',
    cause: new Error('k-123'),
  });
const call = {
  request: { kind: 'image', prompt: 'a red mug', count: 1, format: 'png', seed: 1 },
  signal: new AbortController().signal,
} as ProviderCall;

it('takes secrets and prompts out of every error that a provider tells', async () => {
  const provider = withRedaction(
    scripted(
      'p',
      [() => Promise.reject(said())],
      {},
      {
        poll: async () => ({ state: 'failed', error: said() }),
        find: () => Promise.reject(new TypeError('reading k-123')),
        // biome-ignore lint/correctness/useYield: it fails first
        async *stream() {
          throw said();
        },
      },
    ),
    ['k-123'],
  );
  const clean = { code: 'upstream_failed', detail: { raw: '[secret] refused "[input]"' } };
  await expect(provider.submit(call)).rejects.toMatchObject(clean);
  await expect(provider.stream?.(call)[Symbol.asyncIterator]().next()).rejects.toMatchObject(clean);
  const thrown = await provider.submit(call).catch((error: unknown) => error);
  expect(inspect(thrown)).not.toMatch(/k-123|red mug/);
  expect(await provider.poll?.('up', call)).toMatchObject({ state: 'failed', error: clean });
  const made = { state: 'finished', outputs: [], lostFiles: [said()] } as const;
  const some = withRedaction(scripted('p', [() => made], {}, { poll: async () => made }), ['k-123']);
  expect(await some.submit(call)).toMatchObject({ lostFiles: [clean] });
  expect(await some.poll?.('up', call)).toMatchObject({ lostFiles: [clean] });
  await expect(provider.find?.(call)).rejects.toMatchObject({
    detail: { raw: 'TypeError: reading [secret]' },
  });
});

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildClient } from '../../testing/built.ts';
import type { tryAll } from '../../testing/consumer/consumer.ts';
import { type ConsumerService, EXPECTED, startConsumerService } from '../../testing/consumer-service.ts';

const consumer = fileURLToPath(new URL('../../testing/consumer/consumer.ts', import.meta.url));

let built: Awaited<ReturnType<typeof buildClient>>;
let service: ConsumerService;
beforeAll(async () => {
  built = await buildClient();
  service = await startConsumerService();
});
afterAll(async () => {
  service.close();
  await built.remove();
});

/** The part of the minimum common API of edge runtimes that this package uses: no `process`, no `Buffer`, no `require`. */
const EDGE = {
  AbortController,
  AbortSignal,
  atob,
  Blob,
  btoa,
  clearTimeout,
  crypto,
  DOMException,
  fetch,
  FormData,
  Headers,
  ReadableStream,
  Request,
  Response,
  setTimeout,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
};

it('runs where there is nothing but the web platform', async () => {
  const bundler = await rolldown({
    input: consumer,
    platform: 'neutral',
    plugins: [
      {
        name: 'installed',
        resolveId: (id) => {
          const [, name] = /^@genlock\/client(?:\/(.+))?$/.exec(id) ?? [];
          return id.startsWith('@genlock/') ? join(built.dist, `${name ?? 'index'}.js`) : null;
        },
      },
    ],
  });
  const { output } = await bundler.generate({ format: 'iife', name: 'consumer' });
  await bundler.close();
  const context = createContext({ ...EDGE });
  runInContext(output[0].code, context);
  const program: { readonly tryAll: typeof tryAll } = runInContext('consumer', context);
  expect(await program.tryAll(service.origin)).toEqual(EXPECTED);
  expect(runInContext('typeof process + typeof Buffer + typeof global', context)).toBe('undefined'.repeat(3));
});

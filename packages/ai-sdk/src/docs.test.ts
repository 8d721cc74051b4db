import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSpeech } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, tsc } from '../../client/testing/built.ts';
import { probe } from '../../gateway/src/assets/probe.ts';
import { startTestShop, steer, type TestShop } from '../testing/shop.ts';
import type { GenlockProvider } from './index.ts';

const MODULES: Readonly<Record<string, string>> = {
  '@genlock/ai-sdk': 'packages/ai-sdk/src/index.ts',
  ai: 'node_modules/ai/dist/index.js',
};

let shop: TestShop;
let folder: string;
let count = 0;
beforeAll(async () => {
  shop = await startTestShop();
  folder = await mkdtemp(join(tmpdir(), 'genlock-docs-'));
  const page = await readFile(join(root, 'docs/ai-sdk.md'), 'utf8');
  for (const [, code = ''] of page.matchAll(/```ts example\n(.*?)```/gs)) {
    const here = code.replaceAll(
      /from '([^']+)'/g,
      (_all, name) => `from '${join(root, MODULES[name] ?? name)}'`,
    );
    await writeFile(join(folder, `example-${count}.ts`), here);
    count += 1;
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
});
afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

/** The function with this name, in whichever example it is. */
async function example<F extends (...given: never[]) => unknown>(name: string): Promise<F> {
  for (let index = 0; index < count; index += 1) {
    const found: unknown = (await import(join(folder, `example-${index}.ts`)))[name];
    if (typeof found === 'function') return found as F;
  }
  throw new Error(`no example has ${name}`);
}
type Make<A extends unknown[], R> = (genlock: GenlockProvider, ...rest: A) => Promise<R>;

describe('the examples of docs/ai-sdk.md', () => {
  it('compile', async () => {
    expect(count).toBe(4);
    expect(await tsc(folder)).toBe('');
  });

  it('make a picture, a clip and a voice', async () => {
    const { genlock, apiKey } = await shop.open();
    const mug = await example<(url: string, key: string) => Promise<Uint8Array>>('mug');
    const picture = await mug(`${shop.gateway.url}/v1`, apiKey);
    expect(await probe(picture)).toMatchObject({ contentType: 'image/png', width: 512 });
    const clip = await example<Make<[Uint8Array], Uint8Array>>('clip');
    expect(await probe(await clip(genlock, picture))).toMatchObject({
      contentType: 'video/mp4',
      hasSound: true,
    });
    const say = await example<Make<[string], Uint8Array>>('say');
    expect(await probe(await say(genlock, 'Hello.'))).toMatchObject({ contentType: 'audio/wav' });
  });

  it('answer with the help of a tool', async () => {
    const { genlock, orders } = await shop.open();
    const ask = await example<Make<[string, (text: string) => void], void>>('ask');
    let told = '';
    await ask(genlock, 'How is the weather in Oslo?', (text) => {
      told += text;
    });
    expect(told).toMatch(/\w+ \w+/);
    expect(await orders()).toBe(2);
  });

  it('say what to do', async () => {
    const { genlock } = await shop.open({ attempts: 1 });
    const whatToDo = await example<(thrown: unknown) => string>('whatToDo');
    const model = genlock.speech('genlock/speech');
    const ending = (options: object) =>
      generateSpeech({ model, text: 'x', maxRetries: 0, ...options }).catch((thrown: unknown) =>
        whatToDo(thrown),
      );
    expect(await ending({ outputFormat: 'ogg' })).toBe('change input.format');
    expect(await ending(steer('error=insufficient_credits at=admit'))).toBe('top_up');
    expect(await ending(steer('error=outcome_unknown'))).toMatch(/^look at gen_/);
    expect(await ending({ abortSignal: AbortSignal.abort() })).toBe('abort, or a bug');
  });

  it('make one order of several calls', async () => {
    const { genlock, orders } = await shop.open();
    const forOrder = await example<Make<[string, string], string>>('forOrder');
    expect(await forOrder(genlock, 'order-17', 'a mug')).toBe(await forOrder(genlock, 'order-17', 'a mug'));
    expect(await orders()).toBe(1);
  });
});

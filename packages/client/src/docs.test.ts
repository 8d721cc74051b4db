import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../gateway/src/testing/gateway.ts';
import { PNG } from '../testing/pictures.ts';
import { type Client, createClient, createSkytellsClient, nativeReceiver } from './index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const source = join(root, 'packages/client/src');
/** By the names in the package's exports. */
const MODULES: Readonly<Record<string, string>> = {
  '@genlock/client': 'index.ts',
  '@genlock/client/kiara': 'entries/kiara.ts',
  '@genlock/client/fetch': 'fetch/create-fetch.ts',
  '@genlock/client/webhooks': 'webhooks/index.ts',
};

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-docs-'));
  const page = await readFile(join(root, 'docs/client.md'), 'utf8');
  const here = (code: string) =>
    code.replaceAll(/'(@genlock\/client[^']*)'/g, (_all, name) => `'${join(source, MODULES[name] ?? name)}'`);
  for (const [, code = ''] of page.matchAll(/```ts example\n(.*?)```/gs)) {
    await writeFile(join(folder, `example-${count}.ts`), here(code));
    count += 1;
  }
  const readme = await readFile(join(root, 'packages/client/README.md'), 'utf8');
  const parts = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => here(code));
  expect(parts).toHaveLength(4);
  for (const [index, code] of parts.entries()) await writeFile(join(folder, `readme-${index}.ts`), code);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The function with this name, in whichever example it is. */
async function example<F extends (...given: never[]) => unknown>(name: string): Promise<F> {
  for (let index = 0; index < count; index += 1) {
    const found: unknown = (await import(join(folder, `example-${index}.ts`)))[name];
    if (typeof found === 'function') return found as F;
  }
  throw new Error(`no example has ${name}`);
}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));
const keyOf = async (dialect: string): Promise<string> => (await gateway.customer({ dialect })).key.key;

describe('the examples of docs/client.md', () => {
  it('compile, and those of the README', async () => {
    expect(count).toBe(11);
    const tsc = join(root, 'node_modules/.bin/tsc');
    await promisify(execFile)(tsc, ['--noEmit', '-p', folder], { cwd: root }).catch(({ stdout }) =>
      expect.unreachable(stdout),
    );
  });

  it('order, list, stream and edit', async () => {
    const makeMug = await example<(baseUrl: string, key: string) => Promise<Uint8Array>>('makeMug');
    const [baseUrl, apiKey] = [`${gateway.url}/v1`, await keyOf('native')];
    const bytes = await makeMug(baseUrl, apiKey);
    expect(Buffer.from(bytes.subarray(1, 4)).toString()).toBe('PNG');

    const genlock = createClient({ baseUrl, apiKey });
    let text = '';
    const tell = await example<(c: Client, prompt: string, print: (text: string) => void) => unknown>('tell');
    expect(await tell(genlock, 'Tell me of the sea.', (piece) => (text += piece))).toMatch(/^0\.0/);
    expect(text).toMatch(/\w/);
    const spent = await example<(client: Client, model: string) => Promise<number>>('spent');
    expect(await spent(genlock, 'genlock/image')).toBe(0.02);
    const bring = await example<(client: Client, photo: Blob) => Promise<string>>('bring');
    const edit = await example<(client: Client, id: string, order: string) => Promise<string>>('edit');
    const photo = await bring(genlock, new Blob([PNG], { type: 'image/png' }));
    const first = await edit(genlock, photo, 'order-1');
    expect(first).toMatch(/^gen_/);
    expect(await edit(genlock, photo, 'order-1')).toBe(first);
  });

  it('speak the APIs of vendors, and wait', async () => {
    const portrait = await example<(key: string, baseUrl: string) => Promise<Uint8Array>>('portrait');
    expect((await portrait(await keyOf('kiara'), `${gateway.url}/kiara`)).byteLength).toBeGreaterThan(1000);
    type ImagesOf = (key: string, id: string, baseUrl: string) => Promise<readonly string[]>;
    const imagesOf = await example<ImagesOf>('imagesOf');
    const [apiKey, baseUrl] = [await keyOf('skytells'), `${gateway.url}/skytells/v1`];
    const skytells = createSkytellsClient({ apiKey, baseUrl });
    const { id } = await skytells.predictions.create({ model: 'truefusion', input: { prompt: 'a mug' } });
    expect(await imagesOf(apiKey, id, baseUrl)).toHaveLength(1);
    expect(await imagesOf(apiKey, 'nope', baseUrl)).toEqual([]);
  });

  it('say what to do', async () => {
    const explain = await example<(response: Response) => Promise<string>>('explain');
    const body = { error: { code: 'invalid_request', message: 'No such seed.', field: 'seed' } };
    expect(await explain(Response.json(body, { status: 400 }))).toBe('Please change seed: No such seed.');
    const busy = new Response('', { status: 429, headers: { 'retry-after': '7' } });
    expect(await explain(busy)).toBe('Busy. Again in 7 s.');
  });

  it('receive webhooks', async () => {
    const handle = await example<(request: Request, secrets: string[]) => Promise<Response>>('handle');
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    const { headers, body } = await nativeReceiver().signTestEvent('generation.canceled', { secrets });
    const request = () => new Request('http://hooks.test/', { method: 'POST', headers, body });
    expect((await handle(request(), secrets)).status).toBe(204);
    expect((await handle(request(), ['whsec_AAAAAAAA'])).status).toBe(401);
    const failedDelivery = await example<(secret: string) => Promise<Request>>('failedDelivery');
    expect(await (await failedDelivery('s')).json()).toMatchObject({
      data: { id: 'gen_17', status: 'failed' },
    });
  });

  it('load', async () => {
    for (let index = 0; index < count; index += 1)
      expect(Object.keys(await import(join(folder, `example-${index}.ts`)))).not.toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway } from '../../gateway/src/testing/gateway.ts';
import { nativeReceiver } from './index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const source = join(root, 'packages/client/src');
/** By what the package's exports say. */
const MODULES: Readonly<Record<string, string>> = {
  '@genlock/client': 'index.ts',
  '@genlock/client/kiara': 'entries/kiara.ts',
  '@genlock/client/fetch': 'fetch/create-fetch.ts',
};

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-docs-'));
  const page = await readFile(join(root, 'docs/client.md'), 'utf8');
  for (const [, code = ''] of page.matchAll(/```ts example\n(.*?)```/gs)) {
    const here = code.replaceAll(
      /'(@genlock\/client[^']*)'/g,
      (_all, name) => `'${join(source, MODULES[name] ?? name)}'`,
    );
    await writeFile(join(folder, `example-${count}.ts`), here);
    count += 1;
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const example = <T>(index: number): Promise<T> => import(join(folder, `example-${index}.ts`));

describe('the examples of docs/client.md', () => {
  it('compile', async () => {
    expect(count).toBe(8);
    const tsc = join(root, 'node_modules/.bin/tsc');
    await promisify(execFile)(tsc, ['--noEmit', '-p', folder], { cwd: root }).catch(({ stdout }) =>
      expect.unreachable(stdout),
    );
  });

  it('make a picture', async () => {
    const { makeMug } = await example<{ makeMug(baseUrl: string, key: string): Promise<Uint8Array> }>(0);
    const gateway = await startTestGateway();
    try {
      const { key } = await gateway.customer({ dialect: 'native' });
      const bytes = await makeMug(`${gateway.url}/v1`, key.key);
      expect(Buffer.from(bytes.subarray(1, 4)).toString()).toBe('PNG');
    } finally {
      await gateway.close(0);
    }
  });

  it('say what to do', async () => {
    const { explain } = await example<{ explain(response: Response): Promise<string> }>(1);
    const body = { error: { code: 'invalid_request', message: 'No such seed.', field: 'seed' } };
    expect(await explain(Response.json(body, { status: 400 }))).toBe('Please change seed: No such seed.');
    const busy = new Response('', { status: 429, headers: { 'retry-after': '7' } });
    expect(await explain(busy)).toBe('Busy. Again in 7 s.');
  });

  it('receive webhooks', async () => {
    const { handle } = await example<{ handle(request: Request, secrets: string[]): Promise<Response> }>(5);
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    const { headers, body } = await nativeReceiver().signTestEvent('generation.canceled', { secrets });
    const request = () => new Request('http://hooks.test/', { method: 'POST', headers, body });
    expect((await handle(request(), secrets)).status).toBe(204);
    expect((await handle(request(), ['whsec_AAAAAAAA'])).status).toBe(401);
    const { failedDelivery } = await example<{ failedDelivery(secret: string): Promise<Request> }>(6);
    expect(await (await failedDelivery('s')).json()).toMatchObject({
      data: { id: 'gen_17', status: 'failed' },
    });
  });

  it('load', async () => {
    for (let index = 0; index < count; index += 1) expect(await example<object>(index)).toBeDefined();
  });
});

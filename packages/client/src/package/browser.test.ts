import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildClient } from '../../testing/built.ts';
import { findChromium } from '../../testing/chromium.ts';
import { type ConsumerService, EXPECTED, startConsumerService } from '../../testing/consumer-service.ts';

const consumer = fileURLToPath(new URL('../../testing/consumer/consumer.ts', import.meta.url));
/** A page that loads the package unchanged, without a bundler. */
const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<script type="importmap">{"imports":{"@genlock/client":"/client/index.js","@genlock/client/":"/client/"}}</script>
<script type="module">import { tryAll } from '/consumer.js'; globalThis.tryAll = tryAll;</script>`;

let built: Awaited<ReturnType<typeof buildClient>>;
let service: ConsumerService;
let site: Server;
let browser: Browser | undefined;
const complaints: string[] = [];

beforeAll(async () => {
  built = await buildClient();
  service = await startConsumerService();
  site = createServer(async ({ url = '/' }, response) => {
    const html = url === '/';
    const text = html ? PAGE : await scriptAt(url);
    response.writeHead(200, { 'content-type': html ? 'text/html' : 'text/javascript' }).end(text);
  });
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  const executablePath = await findChromium();
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath });
});
afterAll(async () => {
  await browser?.close();
  site.close();
  service.close();
  await built.remove();
});

async function scriptAt(url: string): Promise<string> {
  if (url === '/consumer.js') return stripTypeScriptTypes(await readFile(consumer, 'utf8'));
  // The imports of the consumer have no extension.
  return readFile(join(built.dist, url.replace('/client/', '').replace(/(?<!\.js)$/, '.js')), 'utf8');
}

async function open(from: Browser): Promise<Page> {
  const page = await from.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  const { port } = site.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  return page;
}

it('runs in a browser, against a service of another origin', async ({ skip }) => {
  if (browser === undefined) return skip('no Chromium on this machine: apt-get install chromium');
  const page = await open(browser);
  const told = await page.evaluate(`tryAll(${JSON.stringify(service.origin)})`);
  expect(complaints).toEqual([]);
  // A browser itself repeats what failed on a kept-alive connection, and no client notices.
  expect(told).toEqual({ ...EXPECTED, retries: expect.arrayContaining(['rate_limited']) });
});

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createNameResolver } from './resolve-name.ts';

const ADDRESS = { address: '203.0.113.7', family: 4 };
const OF_SYSTEM = { address: '10.0.0.7', family: 4 };

let server: Socket;
let folder: string;
/** What the system was asked for and has not answered. */
let asked: { readonly hostname: string; readonly answer: () => void }[];
let resolve: ReturnType<typeof createNameResolver>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-names-'));
  const hostsFile = join(folder, 'hosts');
  await writeFile(hostsFile, '10.0.0.7\tmine.example  also-mine.example\n');
  server = createSocket('udp4');
  server.on('message', (question, { port, address }) => {
    if (!question.includes('dead')) server.send(answerTo(question), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  asked = [];
  resolve = createNameResolver({
    servers: [`127.0.0.1:${server.address().port}`],
    hostsFile,
    system: (hostname) => {
      const { promise, resolve } = Promise.withResolvers<[typeof OF_SYSTEM]>();
      asked.push({ hostname, answer: () => resolve([OF_SYSTEM]) });
      return promise;
    },
  });
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** One address for `good…`, for every other name that there is none (RFC 1035, section 4.1). */
function answerTo(question: Buffer): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const isA = question.readUInt16BE(end - 4) === 1;
  const found = isA && question.includes('good');
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(question.includes('good') ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 7];
  return found ? Buffer.concat([head, Buffer.from(record)]) : head;
}

it('asks the name servers, and takes no thread of the system for it', async () => {
  expect(await resolve('good.example')).toEqual([ADDRESS]);
  expect(asked).toEqual([]);
});

it.each(['localhost', 'mine.example', 'ALSO-MINE.example'])(
  'leaves %s to the system, which knows the names of this machine',
  async (name) => {
    const found = resolve(name);
    await expect.poll(() => asked).toMatchObject([{ hostname: name }]);
    asked[0]?.answer();
    expect(await found).toEqual([OF_SYSTEM]);
  },
);

it('asks the system for what the name servers do not know, one name at a time, and keeps nobody else waiting', async () => {
  const names = ['no-1.example', 'no-2.example', 'dead.example'];
  const found = names.map((name) => resolve(name));
  await expect.poll(() => asked.length).toBe(1);
  expect(await resolve('good.example')).toEqual([ADDRESS]);
  for (const count of [1, 2, 3]) {
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(count);
    asked[count - 1]?.answer();
  }
  expect(await Promise.all(found)).toEqual(names.map(() => [OF_SYSTEM]));
});

import { connect, type Socket } from 'node:net';
import { availableParallelism } from 'node:os';

/** A load for a server: every connection sends its next request as soon as the last one was answered. */
export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** Complete HTTP requests, sent in turn. */
  readonly requests: readonly string[];
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds from the first byte sent to the last byte received. */
  readonly p50: number;
  readonly p99: number;
  /** The number of answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The bytes of a keep-alive HTTP/1.1 request. */
export function rawRequest({ method, path, headers = {}, body }: Call): string {
  const lines = Object.entries({
    host: 'localhost',
    ...headers,
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

/**
 * Plain sockets with just enough HTTP to find the end of an answer: on a machine with few cores, a full client would spend on parsing the
 * time that the server under test needs.
 */
export async function load({ port, connections, milliseconds, requests }: LoadJob): Promise<LoadResult> {
  const times: number[] = [];
  const statuses: Record<number, number> = {};
  const bytes = requests.map((request) => Buffer.from(request));
  let turn = 0;
  const begin = performance.now();
  const end = begin + milliseconds;

  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true);
      let sentAt = 0;
      let received = Buffer.alloc(0);
      const send = (): void => {
        const next = bytes[turn++ % bytes.length];
        sentAt = performance.now();
        if (next === undefined || sentAt >= end) {
          socket.destroy();
          resolve();
        } else socket.write(next);
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('end', () => reject(new Error('the server closed a connection')));
      socket.on('data', (chunk) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const status = completeStatus(received);
        if (status === undefined) return;
        received = Buffer.alloc(0);
        times.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
        send();
      });
    });

  // A process that sleeps between two answers has to be woken by the server's write. On a virtual machine that costs the server more than
  // the write itself (30 µs against 5 µs), and only the slower of two servers pays it. So this process stays awake.
  let spinning = availableParallelism() > 2;
  const spin = (): void => void (spinning && setImmediate(spin));
  spin();
  try {
    await Promise.all(Array.from({ length: connections }, one));
  } finally {
    spinning = false;
  }
  const seconds = (performance.now() - begin) / 1000;
  const sorted = Float64Array.from(times).sort();
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), statuses };
}

/** The status of an answer that has completely arrived. */
function completeStatus(received: Buffer): number | undefined {
  const head = received.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const text = received.toString('latin1', 0, head);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? '0';
  return received.length < head + 4 + Number(length) ? undefined : Number(text.slice(9, 12));
}

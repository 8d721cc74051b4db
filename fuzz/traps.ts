import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BOMB, PICTURE } from './multipart.ts';
import { insideUrls, STRANGE_URLS } from './nasty-urls.ts';

/** The servers that URLs in requests point to. */
export interface Traps {
  readonly badUrls: readonly string[];
  readonly goodUrls: readonly string[];
  /** Connections to the server that must never be called. */
  reached(): number;
  /** Networks that the gateway must be allowed to call so that `goodUrls` work. */
  readonly allow: readonly string[];
  close(): void;
}

/** A loopback address other than the one that must not be called. */
const ALLOWED = '127.0.0.2';

/** Servers on this machine: one that must never be called, and one that serves files, good and bad, and redirects to the first. */
export async function setTraps(): Promise<Traps> {
  let reached = 0;
  const forbidden = createTcpServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  const port = await listen(forbidden, '127.0.0.1');
  const inside = insideUrls(port);
  const files = createServer(fileRoutes(`http://127.0.0.1:${port}/`));
  // Only Linux has all of 127/8; elsewhere there are no files.
  const filesPort = await listen(files, ALLOWED).catch(() => undefined);
  const base = `http://${ALLOWED}:${filesPort}`;
  return {
    allow: [`${ALLOWED}/32`],
    goodUrls: filesPort === undefined ? ['https://nowhere.invalid/x.png'] : [`${base}/picture.png`],
    badUrls: [
      ...inside,
      ...STRANGE_URLS,
      ...(filesPort === undefined ? [] : BAD_FILES.map((path) => `${base}${path}`)),
    ],
    reached: () => reached,
    close() {
      forbidden.close();
      files.closeAllConnections();
      files.close();
    },
  };
}

const BAD_FILES = [
  '/bomb.png',
  '/gzip',
  '/endless',
  '/inside',
  '/to-file',
  '/to-data',
  '/loop',
  '/html',
  '/empty',
  '/error',
  '/cut',
  '/nothing',
];

function fileRoutes(forbidden: string): RequestListener {
  return (request, response) => {
    response.on('error', () => {});
    request.resume();
    const send = (type: string, body: Buffer | string, headers: Record<string, string> = {}): void => {
      response.writeHead(200, { 'content-type': type, ...headers });
      response.end(body);
    };
    const redirect = (location: string): void => {
      response.writeHead(302, { location });
      response.end();
    };
    switch (request.url) {
      case '/picture.png':
        return send('image/png', PICTURE);
      case '/bomb.png':
        return send('image/png', BOMB);
      case '/gzip':
        return send('image/png', ZEROES, { 'content-encoding': 'gzip' });
      case '/endless':
        response.writeHead(200, { 'content-type': 'image/png' });
        return pump();
      case '/inside':
        return redirect(forbidden);
      case '/to-file':
        return redirect('file:///etc/passwd');
      case '/to-data':
        return redirect('data:image/png;base64,AAAA');
      case '/loop':
        return redirect('/loop');
      case '/html':
        return send('text/html', '<!doctype html><img src=x>');
      case '/empty':
        return send('image/png', '');
      case '/error':
        response.writeHead(500);
        return void response.end('a secret of another server');
      case '/cut':
        response.writeHead(200, { 'content-length': '1000' });
        response.write('x');
        return void setTimeout(() => response.destroy(), 5);
      default:
        response.writeHead(404);
        return void response.end();
    }
    function pump(): void {
      while (!response.destroyed && response.write(CHUNK));
      response.once('drain', pump);
    }
  };
}

const CHUNK = Buffer.alloc(64 * 1024, 1);
const ZEROES = gzipSync(Buffer.alloc(100_000_000));

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

import { describe, expect, it } from 'vitest';
import { TEST_TLS_CERTIFICATE } from './test-certificate.ts';
import { failure, GET, outbound, read, serve, serveTls, text } from './testing.ts';

describe('redirects', () => {
  const to = (location: string, status = 302) =>
    serve((_, response) => response.writeHead(status, { Location: location }).end('moved'));

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'file:///etc/passwd',
    'http://user:pass@127.0.0.1/',
  ])('checks the hop to %s', async (location) => {
    const error = await failure(outbound().fetch(await to(location), GET));
    expect(error).toMatchObject({ reason: 'refused', message: 'redirect to a URL not allowed' });
  });

  it('checks where the name of a hop leads', async () => {
    const lookup = async () => [{ address: '169.254.169.254', family: 4 }];
    const url = await to('https://metadata.test/');
    expect((await failure(outbound({ lookup }).fetch(url, GET))).reason).toBe('refused');
  });

  it('is an answer when none are followed, or it names no target', async () => {
    const answer = await outbound().fetch(await to('http://169.254.169.254/'), { ...GET, maxRedirects: 0 });
    expect(answer.status).toBe(302);
    expect(text(answer.body)).toBe('moved');
    const url = await serve((_, response) => response.writeHead(302).end());
    expect((await outbound().fetch(url, GET)).status).toBe(302);
  });

  it('ends a loop and refuses a location that is no URL', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls++;
      response.writeHead(302, { Location: '/again' }).end();
    });
    expect((await failure(outbound().fetch(url, GET))).reason).toBe('redirect');
    expect(calls).toBe(4);
    expect((await failure(outbound().fetch(await to('http://['), GET))).reason).toBe('redirect');
  });

  it('never goes from https to http', async () => {
    const plain = await serve((_, response) => response.end('secret'));
    const port = await serveTls((_, response) => response.writeHead(302, { Location: plain }).end());
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const { fetch } = outbound({ lookup, ca: TEST_TLS_CERTIFICATE });
    expect((await failure(fetch(`https://hooks.test:${port}/`, GET))).reason).toBe('redirect');
  });

  it('keeps headers for the same host and drops them for another', async () => {
    const other = await serve((request, response) => response.end(`key=${request.headers['x-key']}`));
    const url = await serve((request, response) => {
      if (request.url === '/out') response.writeHead(302, { Location: other }).end();
      else if (request.url === '/in') response.writeHead(302, { Location: '/end' }).end();
      else response.end(`key=${request.headers['x-key']}`);
    });
    const { fetch } = outbound();
    const headers = { 'X-Key': 'k' };
    expect(text((await fetch(`${url}/in`, { ...GET, headers })).body)).toBe('key=k');
    expect(text((await fetch(`${url}/out`, { ...GET, headers })).body)).toBe('key=undefined');
  });

  it('turns a POST into a GET as browsers do, and never carries a body to another host', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${await read(request)}`);
      const status = Number(request.url?.slice(1));
      if (status > 0) response.writeHead(status, { Location: '/end' });
      response.end();
    });
    const post = { ...GET, method: 'POST', body: 'b', headers: { 'Content-Type': 'text/plain' } } as const;
    for (const status of [302, 303, 307]) await outbound().fetch(`${url}/${status}`, post);
    expect(seen.filter((line) => line.includes('/end'))).toEqual([
      'GET /end undefined ',
      'GET /end undefined ',
      'POST /end text/plain b',
    ]);
    const other = await serve((_, response) => response.end('got it'));
    expect((await failure(outbound().fetch(await to(other, 307), post))).reason).toBe('redirect');
    expect(text((await outbound().fetch(await to(other, 303), post)).body)).toBe('got it');
  });
});

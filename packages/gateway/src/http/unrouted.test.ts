import { once } from 'node:events';
import { METHODS, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchRoutes } from './unrouted.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify({ exposeHeadRoutes: false });
  await app.register(
    async (scope) => {
      const unrouted = watchRoutes(scope);
      scope.setNotFoundHandler((request, reply) => {
        const { code } = unrouted(request, reply);
        return reply.code(code === 'method_not_allowed' ? 405 : 404).send(code);
      });
      scope.route({ method: ['GET', 'HEAD'], url: '/things', handler: () => 'ok' });
      scope.post('/things', () => 'ok');
      scope.get('/things/:id', () => 'ok');
      scope.post('/things/new', () => 'ok');
      scope.delete('/files/*', () => 'ok');
      await scope.register(async (inner) => inner.put('/inner.x', () => 'ok'));
    },
    { prefix: '/v1' },
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

async function call(method: string, path: string): Promise<[number | undefined, string | undefined]> {
  const { port } = app.server.address() as AddressInfo;
  const sent = request({ port, host: '127.0.0.1', method, path }).end();
  const [answer] = await once(sent, 'response');
  answer.resume();
  return [answer.statusCode, answer.headers.allow];
}

it.each([
  ['PUT', '/v1/things', 'GET, HEAD, POST'],
  ['PUT', '/v1/things?a=/b', 'GET, HEAD, POST'],
  ['DELETE', '/v1/things/x', 'GET'],
  ['DELETE', '/v1/things/a%2Fb', 'GET'],
  ['DELETE', '/v1/thin%67s/x', 'GET'],
  ['DELETE', '/v1/things/new', 'GET, POST'],
  ['GET', '/v1/files/a/b', 'DELETE'],
  ['GET', '/v1/inner.x', 'PUT'],
])('%s %s is told what the path takes', async (method, path, allow) => {
  expect(await call(method, path)).toEqual([405, allow]);
});

it('knows every method that HTTP has', async () => {
  const others = METHODS.filter((method) => !['GET', 'HEAD', 'POST', 'CONNECT', 'QUERY'].includes(method));
  expect(others).toEqual(expect.arrayContaining(['TRACE', 'PROPFIND', 'OPTIONS']));
  for (const method of others)
    expect(await call(method, '/v1/things'), method).toEqual([405, 'GET, HEAD, POST']);
});

it.each([
  ['GET', '/v1/thing'],
  ['GET', '/v1/things/a/b'],
  ['GET', '/v1/innerxx'],
  ['GET', '/things'],
])('%s %s leads nowhere', async (method, path) => {
  expect(await call(method, path)).toEqual([404, undefined]);
});

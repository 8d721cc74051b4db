import Fastify from 'fastify';
import Type from 'typebox';
import { Pool } from 'undici';
import { checkProductFields, checkSharedFields } from '../packages/gateway/src/dialects/kiara/create-body.ts';

/** The answer of a twin: the status and body that the gateway gave to the same request. */
export interface Twin {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly status: number;
  readonly body: string;
  /** For a proxy: where it passes the body on to. Its answer is then the upstream's. */
  readonly upstream?: { readonly port: number; readonly connections: number };
  /** Whether a POST is checked against the schema of a Kiara create. */
  readonly checked?: boolean;
}

export function twinPath(name: string): string {
  return `/twin/${name.replaceAll(/\W+/g, '-')}`;
}

export interface BareServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The bare program that the gateway is compared with: unmodified Fastify with the same JSON schema for a POST and the same answer, but
 * without keys, limits or a store.
 */
export async function startBare(twins: readonly Twin[]): Promise<BareServer> {
  const app = Fastify();
  const body = Type.Object({
    ...checkSharedFields.schema.properties,
    ...checkProductFields.schema.properties,
  });
  for (const { name, method, status, body: text, upstream, checked = true } of twins) {
    if (upstream !== undefined) {
      const { port, connections } = upstream;
      const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
      app.post(twinPath(name), async (request, reply) => {
        const answer = await pool.request({
          path: '/v1/chat/completions',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request.body),
        });
        return reply
          .code(answer.statusCode)
          .header('content-type', 'application/json')
          .send(await answer.body.text());
      });
      continue;
    }
    const answer: unknown = JSON.parse(text);
    app.route({
      method,
      url: twinPath(name),
      ...(method === 'POST' && checked && { schema: { body } }),
      handler: (_request, reply) => reply.code(status).send(answer),
    });
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => app.close() };
}

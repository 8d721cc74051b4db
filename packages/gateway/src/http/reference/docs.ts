import type { FastifyInstance, FastifyReply } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { fromFramework } from '../framework-error.ts';
import { renderProblem } from '../problem.ts';
import { sendReply } from '../send.ts';
import { type DescribedApi, openApiDocument } from './openapi.ts';
import { indexPage, referencePage, STYLE_HASH } from './reference-page.ts';

const HEADERS = {
  'cache-control': 'public, max-age=300',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // Only the one style sheet, by its hash: no script, no picture, no other origin.
  'content-security-policy': `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/** The reference of every described API: pages for people at `/docs`, and OpenAPI documents for programs. No key is needed. */
export function docsRoutes(app: FastifyInstance, core: Core, apis: readonly DescribedApi[]): void {
  const find = (name: string): DescribedApi => {
    const api = apis.find((one) => one.name === name);
    if (api === undefined) throw new GenlockError('not_found', 'There is no such API.');
    return api;
  };
  // Rendering takes milliseconds and anybody may ask, so each text is made only once. There are two for each API.
  const kept = new Map<string, string>();
  const once = (name: string, render: () => string): string => {
    const text = kept.get(name) ?? render();
    kept.set(name, text);
    return text;
  };
  const html = (reply: FastifyReply, page: string) =>
    reply.headers(HEADERS).type('text/html; charset=utf-8').send(page);

  app.setErrorHandler((thrown, request, reply) => {
    sendReply(reply, renderProblem(fromFramework(thrown), request.id));
  });
  app.get('/docs', (_request, reply) => html(reply, indexPage(apis)));
  app.get<{ Params: { name: string } }>('/docs/:name', ({ params }, reply) => {
    const api = find(params.name);
    return html(
      reply,
      once(`${api.name}.html`, () => referencePage(api)),
    );
  });
  app.get<{ Params: { file: string } }>('/docs/openapi/:file', ({ params }, reply) => {
    const [, name] = /^(.+)\.json$/.exec(params.file) ?? [];
    if (name === undefined) throw new GenlockError('not_found', 'There is no such document.');
    const api = find(name);
    const text = once(params.file, () => JSON.stringify(openApiDocument(api, core.publicUrl())));
    return reply
      .headers(HEADERS)
      .header('access-control-allow-origin', '*')
      .type('application/json; charset=utf-8')
      .send(text);
  });
}

import { Ajv2020 } from 'ajv/dist/2020.js';
import Fastify, { type RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminApi } from '../admin/describe.ts';
import { adminRoutes } from '../admin/routes.ts';
import { dialectModules } from '../dialects/index.ts';
import { FaultBoard } from '../faults/board.ts';
import { type DescribedApi, describedApis, openApiDocument } from '../http/reference/openapi.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
});
afterAll(() => gateway.close());

const apis: readonly DescribedApi[] = [...describedApis(dialectModules), adminApi(true)];

/** The structure of our OpenAPI 3.1 documents: the parts of the specification that we use. */
const STRUCTURE = {
  type: 'object',
  required: ['openapi', 'info', 'servers', 'paths', 'components', 'security', 'tags'],
  properties: {
    openapi: { const: '3.1.0' },
    info: { type: 'object', required: ['title', 'version', 'description'] },
    servers: { type: 'array', minItems: 1, items: { type: 'object', required: ['url'] } },
    paths: {
      type: 'object',
      propertyNames: { pattern: '^/' },
      additionalProperties: {
        type: 'object',
        propertyNames: { enum: ['get', 'post', 'put', 'patch', 'delete'] },
        additionalProperties: {
          type: 'object',
          required: ['operationId', 'summary', 'tags', 'responses', 'parameters'],
          properties: {
            parameters: {
              type: 'array',
              items: {
                type: 'object',
                required: ['name', 'in', 'schema'],
                properties: { in: { enum: ['path', 'query', 'header'] } },
              },
            },
            requestBody: { type: 'object', required: ['content'] },
            responses: {
              type: 'object',
              minProperties: 1,
              propertyNames: { pattern: '^[2-5][0-9][0-9]$' },
              additionalProperties: { type: 'object', required: ['description'] },
            },
          },
        },
      },
    },
    components: {
      type: 'object',
      required: ['schemas', 'securitySchemes'],
      properties: { securitySchemes: { type: 'object', required: ['key'] } },
    },
  },
};

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { name: string; in: string; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const documentOf = async (name: string): Promise<Document> =>
  (await fetch(`${gateway.url}/docs/openapi/${name}.json`)).json() as Promise<Document>;

it('there is a document of the admin API and of every dialect that describes itself', () => {
  const names = apis.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['native', 'kiara', 'getimg', 'skytells', 'admin']));
  for (const { description, catalogue } of apis) {
    const known = catalogue.rows.map(({ code }) => code);
    for (const { errors = [] } of description.operations)
      expect(known).toEqual(expect.arrayContaining([...errors]));
  }
});

describe.each(apis.map((api) => [api.name, api] as const))('the OpenAPI document of %s', (name, api) => {
  it('is served as it is generated, and has the structure of one', async () => {
    const document = await documentOf(name);
    expect(document).toEqual(openApiDocument(api, gateway.url));
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    expect(ajv.validate(STRUCTURE, document), ajv.errorsText()).toBe(true);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('holds schemas that are valid, and names only what it has', async () => {
    const document = await documentOf(name);
    const ajv = new Ajv2020({ strict: false });
    for (const format of JSON.stringify(document).matchAll(/"format":"([^"]+)"/g))
      ajv.addFormat(format[1] ?? '', true);
    ajv.addSchema(document, 'doc');
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const contents = operations.flatMap(({ requestBody, responses }) => [
      ...Object.values(requestBody?.content ?? {}),
      ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content)),
    ]);
    const schemas = [
      ...contents.map(({ schema }) => schema),
      ...operations.flatMap(({ parameters }) => parameters.map(({ schema }) => schema)),
      ...Object.values(document.components.schemas),
    ];
    expect(schemas.length).toBeGreaterThan(10);
    for (const schema of schemas) {
      const absolute: unknown = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/'));
      expect(() => ajv.compile(absolute as object)).not.toThrow();
    }
  });

  it('declares every parameter of its paths', async () => {
    for (const [path, operations] of Object.entries((await documentOf(name)).paths)) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      for (const { parameters } of Object.values(operations))
        expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(wanted);
    }
  });

  it('has every route that is served, and no other', async () => {
    const served = await routesOf(api);
    const described = api.description.operations.map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(served);
  });
});

/** The routes that Fastify knows, as `get /generations/{id}`. A GET includes its HEAD, and routes that only answer 405 are left out. */
async function routesOf({ name, mount }: DescribedApi): Promise<readonly string[]> {
  const routes: RouteOptions[] = [];
  const app = Fastify();
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  const { core } = gateway;
  const module = dialectModules.find(({ dialect }) => dialect.name === name);
  const plugin =
    module?.routes({ core }) ??
    adminRoutes({
      core,
      modules: dialectModules,
      token: 't',
      emulator: true,
      faults: new FaultBoard(),
      ...core.secrets,
    });
  await app.register(plugin, { prefix: mount });
  await app.ready();
  await app.close();
  const served = routes
    .flatMap(({ method, url }) =>
      [method].flat().map(
        (one) =>
          `${one.toLowerCase()} ${url
            .slice(mount.length)
            .replaceAll(/:(\w+)/g, '{$1}')
            .replace('*', '{id}')}${LOOSE_ENDS[url] ?? ''}`,
      ),
    )
    .filter((route) => !route.startsWith('head '));
  return [...new Set(served)].toSorted();
}

/** Ids with slashes need a wildcard, which must be at the end of a route; the handler checks what follows them. */
const LOOSE_ENDS: Readonly<Record<string, string>> = { '/llmtune/v1/models/*': '/inference' };

describe('the reference pages', () => {
  it.each(['', ...apis.map(({ name }) => `/${name}`)])('/docs%s', async (path) => {
    const response = await fetch(`${gateway.url}/docs${path}`);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+';/,
    );
    expect(page).toMatch(/^<!doctype html>/);
    for (const never of [
      /<script/,
      /<link/,
      /<img/,
      / style="/,
      / on\w+="/,
      /https?:\/\//,
      /\[object /,
      /undefined/,
    ])
      expect(never.exec(page)?.[0]).toBeUndefined();
    // Every link leads to something.
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, target = ''] of page.matchAll(/href="([^"]+)"/g)) {
      if (target.startsWith('#')) expect(ids).toContain(target.slice(1));
      else expect((await fetch(gateway.url + target)).status).toBe(200);
    }
  });

  it.each([
    ['native', ['/v1/generations', '/v1/generations/{id}/events', '/v1/uploads', '/v1/usage']],
    ['getimg', ['/getimg/v2/images/generations', '/getimg/v2/videos/generations/{id}', '/getimg/v2/models']],
    ['llmtune', ['/llmtune/v1/chat/completions', '/llmtune/v1/models/{id}/inference']],
    ['skills-video', ['/skills-video/api/v1/generation/{id}', '/skills-video/api/ai/tts/generate']],
    ['skytells', ['/skytells/v1/predictions', '/skytells/v1/chat/completions', '/skytells/v1/model/{slug}']],
  ])('name every operation of %s', async (name, paths) => {
    const page = await (await fetch(`${gateway.url}/docs/${name}`)).text();
    for (const path of paths) expect(page).toContain(`<code>${path}</code>`);
  });

  it.each(['/docs/nope', '/docs/openapi/nope.json', '/docs/openapi/native', '/docs/__proto__'])(
    '%s is not there',
    async (path) => {
      const response = await fetch(gateway.url + path);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
    },
  );
});

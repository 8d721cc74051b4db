import type { Shop } from '../chaos/customers.ts';

export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

/** One operation of an API, as its OpenAPI document describes it. */
export interface Operation {
  /** For example `skytells post /v1/predictions`. */
  readonly name: string;
  readonly api: string;
  readonly method: string;
  /** The mount and the path, with `{id}` in place of a parameter. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** By media type. */
  readonly body: Readonly<Record<string, Schema>>;
  /** Needs no key. */
  readonly open: boolean;
  /** Answers by status: the schema of the JSON body, if there is one. */
  readonly answers: ReadonlyMap<number, Schema | undefined>;
}

export interface Api {
  readonly name: string;
  readonly mount: string;
  readonly operations: readonly Operation[];
  /** The document that `$ref` refers to. */
  readonly document: Schema;
}

export const APIS = ['kiara', 'getimg', 'skills-video', 'skytells', 'llmtune', 'native', 'admin'];

/** Paths that are served besides the described APIs. */
const BESIDES = ['/', '/healthz', '/readyz', '/metrics', '/docs', '/docs/{name}', '/docs/openapi/{file}'];

interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

interface DescribedOperation {
  readonly parameters: readonly Parameter[];
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** Reads the OpenAPI documents of a running server. */
export async function readDocuments({ url }: Pick<Shop, 'url'>): Promise<readonly Api[]> {
  return Promise.all(APIS.map((name) => readDocument(url, name)));
}

async function readDocument(url: string, name: string): Promise<Api> {
  const response = await fetch(`${url}/docs/openapi/${name}.json`);
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const document = (await response.json()) as Document;
  const mount = new URL(document.servers[0]?.url ?? '').pathname;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, described]): Operation => ({
        name: `${name} ${method} ${path}`,
        api: name,
        method: method.toUpperCase(),
        path: mount + path,
        parameters: described.parameters,
        body: schemasOf(described.requestBody?.content ?? {}),
        open: described.security?.length === 0,
        answers: new Map(
          Object.entries(described.responses).map(([status, { content = {} }]) => [
            Number(status),
            jsonOf(content),
          ]),
        ),
      }),
    ),
  );
  return { name, mount, operations, document: document as unknown as Schema };
}

function schemasOf(content: Content): Readonly<Record<string, Schema>> {
  return Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema]));
}

function jsonOf(content: Content): Schema | undefined {
  return Object.entries(content).find(([type]) => /[/+]json$/.test(type))?.[1].schema;
}

/** Routes that are in no document: health, metrics, the reference itself. */
export const besides: readonly Operation[] = BESIDES.map((path) => ({
  name: `beside get ${path}`,
  api: 'beside',
  method: 'GET',
  path,
  parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    schema: { type: 'string' },
  })),
  body: {},
  open: path !== '/metrics',
  answers: new Map(),
}));

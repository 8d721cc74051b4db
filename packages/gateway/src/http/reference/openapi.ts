import type { Catalogue, CatalogueRow } from '@genlock/contracts';
import type { DialectModule } from '../module.ts';
import type { ApiDescription, Content, OperationDescription, Schema } from './api-description.ts';

export interface DescribedApi {
  /** The name in the URL of the document: `/docs/openapi/<name>.json`. */
  readonly name: string;
  /** The path below which it is served: `/v1`. */
  readonly mount: string;
  readonly description: ApiDescription;
  /** Its error table, from which every answer comes that is not described otherwise. */
  readonly catalogue: Catalogue;
}

/** The dialects that describe themselves. */
export function describedApis(modules: readonly DialectModule[]): readonly DescribedApi[] {
  return modules.flatMap(({ dialect, mount, catalogue, describe }) =>
    describe === undefined ? [] : [{ name: dialect.name, mount, description: describe(), catalogue }],
  );
}

type JsonRecord = Record<string, unknown>;

/** The OpenAPI 3.1 document of an API. `publicUrl` is the start of its links. */
export function openApiDocument({ mount, description, catalogue }: DescribedApi, publicUrl: string): object {
  const paths: Record<string, JsonRecord> = {};
  for (const operation of description.operations) {
    const path = paths[operation.path] ?? {};
    paths[operation.path] = path;
    path[operation.method] = operationObject(operation, description, catalogue);
  }
  return plain({
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: { title: description.title, version: '1', description: description.description },
    servers: [{ url: publicUrl + mount }],
    security: [{ key: [] }],
    tags: [...new Set(description.operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: description.schemas,
      securitySchemes: { key: description.auth },
    },
  });
}

function operationObject(
  operation: OperationDescription,
  { error }: ApiDescription,
  catalogue: Catalogue,
): JsonRecord {
  const responses: JsonRecord = {};
  for (const [status, { description, content, headers = {} }] of Object.entries(operation.answers)) {
    responses[status] = {
      description,
      ...(content && { content: contentObject(content) }),
      ...(Object.keys(headers).length > 0 && { headers: headerObjects(headers) }),
    };
  }
  for (const [status, rows] of errorsOf(operation, catalogue)) {
    responses[status] ??= {
      description: rows.map(({ code, when }) => `\`${code}\`: ${when}`).join('\n\n'),
      content: contentObject(error),
      ...(rows.some(({ retryAfter }) => retryAfter) && {
        headers: headerObjects({ 'Retry-After': 'Seconds until it is worth another try.' }),
      }),
    };
  }
  return {
    operationId: operationId(operation),
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.open === true && { security: [] }),
    parameters: parametersOf(operation),
    ...(operation.body && {
      requestBody: { required: operation.body.required, content: contentObject(operation.body.content) },
    }),
    responses,
  };
}

/** The error rows that an operation may answer with, by status, in the order of the table. */
export function errorsOf(
  { errors }: OperationDescription,
  { rows }: Catalogue,
): ReadonlyMap<number, readonly CatalogueRow[]> {
  const byStatus = new Map<number, CatalogueRow[]>();
  for (const row of rows) {
    if (row.status === null || (errors !== undefined && !errors.includes(row.code))) continue;
    const known = byStatus.get(row.status) ?? [];
    // A table may list a code twice with the same status, for different causes.
    if (!known.some(({ code, when }) => code === row.code && when === row.when)) known.push(row);
    byStatus.set(row.status, known);
  }
  return byStatus;
}

/** Turns `get /generations/{id}/events` into `get-generations-id-events`. */
export function operationId({ method, path }: OperationDescription): string {
  return [method, ...path.split(/[^\w]+/)].filter((part) => part !== '').join('-');
}

function parametersOf({ path, query, headers = {} }: OperationDescription): readonly JsonRecord[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(membersOf(query)).map(([name, schema]) => ({
    name,
    in: 'query',
    required: requiredOf(query).includes(name),
    ...describedBy(schema),
    schema,
  }));
  const inHeaders = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeaders];
}

export function membersOf(schema: Schema | undefined): Readonly<Record<string, Schema>> {
  return (schema as { properties?: Record<string, Schema> } | undefined)?.properties ?? {};
}

export function requiredOf(schema: Schema | undefined): readonly string[] {
  return (schema as { required?: readonly string[] } | undefined)?.required ?? [];
}

function describedBy(schema: Schema): { readonly description?: string } {
  const { description } = schema as { description?: string };
  return description === undefined ? {} : { description };
}

function contentObject(content: Content): JsonRecord {
  return Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]));
}

function headerObjects(headers: Readonly<Record<string, string>>): JsonRecord {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

/** Removes what only the schema library uses. */
function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

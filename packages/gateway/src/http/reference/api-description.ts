/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. Those of TypeBox are such. */
export type Schema = object;

/** What may stand in a body, by media type. */
export type Content = Readonly<Record<string, Schema>>;

export interface AnswerDescription {
  readonly description: string;
  readonly content?: Content;
  /** Headers that only this answer has, each with what it tells. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OperationDescription {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below the mount, in the form of OpenAPI: `/generations/{id}`. A GET is a HEAD too. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** An object schema whose members are the parameters of the query: the one that validates it, where there is one. */
  readonly query?: Schema;
  /** Request headers that it looks at, beside the key, each with what it does. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly required: boolean; readonly content: Content };
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** The wire codes of the catalogue that it may answer with; absent: any. */
  readonly errors?: readonly string[];
  /** Answered without a key. */
  readonly open?: boolean;
}

/** An HTTP API in data: what the OpenAPI document and the reference page are made of. */
export interface ApiDescription {
  readonly title: string;
  /** A few sentences, plain text. */
  readonly description: string;
  readonly operations: readonly OperationDescription[];
  /** Named schemas, for `{ $ref: '#/components/schemas/<name>' }`. */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** The shape of every error, by media type. */
  readonly error: Content;
  /** How a call says who makes it: the security scheme of OpenAPI. */
  readonly auth: Readonly<Record<string, string>>;
}

/** A schema of {@link ApiDescription.schemas}. */
export function named(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export function json(schema: Schema): Content {
  return { 'application/json': schema };
}

/** An object that has exactly these members, all of them. For answers; requests have schemas that validate. */
export function record(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

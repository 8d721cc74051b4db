/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. TypeBox schemas are of this form. */
export type Schema = object;

/** The possible bodies, by media type. */
export type Content = Readonly<Record<string, Schema>>;

export interface AnswerDescription {
  readonly description: string;
  readonly content?: Content;
  /** Headers that only this answer has, each with a description. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OperationDescription {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path below the mount, in the form of OpenAPI: `/generations/{id}`. A GET also answers HEAD. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** An object schema whose members are the query parameters: if possible the same schema that validates them. */
  readonly query?: Schema;
  /** Request headers that it reads besides the key, each with a description. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly required: boolean; readonly content: Content };
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** The wire codes of the catalogue that it may answer with; absent: any of them. */
  readonly errors?: readonly string[];
  /** Needs no key. */
  readonly open?: boolean;
}

/** An HTTP API as data, from which the OpenAPI document and the reference page are made. */
export interface ApiDescription {
  readonly title: string;
  /** A few sentences of plain text. */
  readonly description: string;
  readonly operations: readonly OperationDescription[];
  /** Named schemas, for `{ $ref: '#/components/schemas/<name>' }`. */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** The shape of every error, by media type. */
  readonly error: Content;
  /** How a call authenticates: an OpenAPI security scheme. */
  readonly auth: Readonly<Record<string, string>>;
}

/** A schema of {@link ApiDescription.schemas}. */
export function named(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export function json(schema: Schema): Content {
  return { 'application/json': schema };
}

/** An object with exactly these members, all required. For answers; requests use the schemas that validate them. */
export function record(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

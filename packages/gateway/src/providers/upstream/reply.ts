import { Ajv } from 'ajv';
import Type, { type Static, type TSchema } from 'typebox';
import { GenlockError } from '../../domain/error.ts';

const ajv = new Ajv({ strict: true });

/** A member that may be missing or null. */
export const maybe = <Schema extends TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

/** Reads an upstream's reply as data of its schema. Members that the schema does not name are kept. */
export type ReplyReader<Value> = (body: Uint8Array | string) => Value;

/**
 * Compiles the schema of a reply once. `paid`: it is the reply to a call that costs money.
 *
 * The reader throws GenlockError `upstream_invalid_result`; for a paid call it says that the work may have been accepted.
 */
export function replyReader<Schema extends TSchema>(
  schema: Schema,
  paid: boolean,
): ReplyReader<Static<Schema>> {
  const valid = ajv.compile<Static<Schema>>(schema);
  return (body) => {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw invalid(`not JSON: ${text.slice(0, 200)}`, paid);
    }
    if (valid(value)) return value;
    throw invalid(`${ajv.errorsText(valid.errors, { dataVar: 'reply' })}: ${text.slice(0, 500)}`, paid);
  };
}

function invalid(raw: string, paid: boolean): GenlockError {
  return new GenlockError('upstream_invalid_result', undefined, { raw, accepted: paid ? 'maybe' : 'no' });
}

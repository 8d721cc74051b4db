import Type, { type TSchema } from 'typebox';

export const closed = (description: string) => ({ description, additionalProperties: false });
export const optional = Type.Optional;

export function map<Value extends TSchema>(description: string, value: Value) {
  return Type.Record(Type.String(), value, { description });
}

import Type from 'typebox';
import type { Form } from './form.ts';
import { HEADER_NAME } from './header-text.ts';
import { HOST_NAME } from './network.ts';

/* The kinds of settings as JSON Schema. `pattern` is only for editors; the check uses `x-form`, which also has bounds. */

interface Doc {
  readonly description: string;
  readonly examples: readonly unknown[];
}

function formed(form: Form, schema: object, doc: Doc) {
  return Type.Unsafe<string>({ type: 'string', ...schema, ...doc, 'x-form': form });
}

function formedOrNumber(form: Form, schema: object, doc: Doc) {
  return Type.Unsafe<string | number>({ type: ['string', 'number'], ...schema, ...doc, 'x-form': form });
}

export function duration(description: string, example: string, min: string, max: string) {
  const doc = { description: `${description} From ${min} to ${max}.`, examples: [example] };
  return formed({ kind: 'duration', min, max }, { pattern: '^\\d{1,9}(ms|s|m|h|d)$' }, doc);
}

export function size(description: string, example: string, min: string, max: string) {
  const doc = { description: `${description} From ${min} to ${max}.`, examples: [example] };
  return formedOrNumber(
    { kind: 'size', min, max },
    { pattern: '^\\d{1,9}(B|KB|MB|GB|KiB|MiB|GiB)$', minimum: 0 },
    doc,
  );
}

export function usd(description: string, example: string, positive = false) {
  return formedOrNumber(
    { kind: 'usd', positive },
    { pattern: '^(0|[1-9]\\d{0,9})(\\.\\d{1,6})?$', minimum: 0 },
    { description: `${description} In US dollars, with up to 6 decimals.`, examples: [example] },
  );
}

export function factor(description: string, example: number) {
  return formedOrNumber(
    { kind: 'factor' },
    { pattern: '^\\d{1,4}(\\.\\d{1,3})?$', minimum: 0, maximum: 1000 },
    { description, examples: [example] },
  );
}

export function cidr(description: string, example: string) {
  return formed({ kind: 'cidr' }, {}, { description, examples: [example] });
}

export function host(description: string, example: string) {
  return formed(
    { kind: 'host' },
    { pattern: HOST_NAME.replaceAll('a-z', 'A-Za-z') },
    { description, examples: [example] },
  );
}

export function header(description: string, example: string) {
  return formed({ kind: 'header' }, { pattern: HEADER_NAME }, { description, examples: [example] });
}

/** A text for an HTTP header. A line break in it, which keys read from files often have at the end, would make every request fail. */
export function headerText(description: string, example: string, min = 1) {
  return formed({ kind: 'header_text', min, max: 4096 }, {}, { description, examples: [example] });
}

/** Headers by their names. */
export function headers(description: string) {
  return Type.Record(Type.String(), headerText('The value of the header.', 'acme', 0), {
    description,
    propertyNames: {
      pattern: HEADER_NAME,
      'x-form': { kind: 'header' } satisfies Form,
      description: 'the name of an HTTP header, and none of the connection’s own, such as Content-Length',
    },
  });
}

export function url(description: string, example: string) {
  return formed({ kind: 'url' }, { pattern: '^https?://[^\\s?#]+$' }, { description, examples: [example] });
}

export function listen(description: string, example: string) {
  return formed({ kind: 'listen' }, { pattern: '^.+:\\d{1,5}$' }, { description, examples: [example] });
}

export function pattern(description: string, example: string) {
  return formed({ kind: 'pattern' }, {}, { description, examples: [example] });
}

export function count(description: string, example: number, minimum: number, maximum: number) {
  return Type.Integer({ description, examples: [example], minimum, maximum });
}

export function text(description: string, example: string, maxLength = 200) {
  return Type.String({ description, examples: [example], minLength: 1, maxLength });
}

export function choice<const Values extends string[]>(values: readonly [...Values], description: string) {
  return Type.Enum(values, { description, examples: values.slice(0, 1) });
}

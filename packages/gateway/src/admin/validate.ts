import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { GenlockError } from '../domain/error.ts';
import { parseUsd } from '../domain/money.ts';
import { parseAddressList } from '../http/client-address.ts';
import { parseOrigin } from '../http/origin.ts';

interface Format {
  readonly accepts: (text: string) => boolean;
  readonly expected: string;
}

/** What each `format` accepts, and how to describe it. */
const FORMATS: Readonly<Record<string, Format>> = {
  usd: {
    accepts: (text) => parseUsd(text) !== undefined,
    expected: 'must be a decimal string of US dollars with up to 6 decimals, such as "25.00"',
  },
  'positive-usd': {
    accepts: (text) => (parseUsd(text) ?? 0) > 0,
    expected: 'must be a decimal string of US dollars above 0 with up to 6 decimals, such as "10.00"',
  },
  // Control characters could forge log lines, and databases do not store NUL and lone surrogates unchanged.
  line: {
    accepts: (text) => !/[\p{Cc}\p{Cs}]/u.test(text),
    expected: 'must be a text without control characters',
  },
  origin: {
    accepts: (text) => parseOrigin(text) !== undefined,
    expected: 'must be an origin such as "https://app.example.com"',
  },
  'address-block': { accepts: isAddressBlock, expected: 'must be an address or a CIDR block' },
};

const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, verbose: true });
for (const [name, { accepts }] of Object.entries(FORMATS)) ajv.addFormat(name, accepts);

/** Validates what routes declare in `schema`. Nothing is converted, filled in or dropped. */
export function validateStrictly(scope: FastifyInstance): void {
  scope.setValidatorCompiler<FastifySchema>(({ schema }) => (value: unknown) => {
    // Compiled on first use and cached by Ajv: compiling all schemas would take a quarter of the gateway's start.
    const validate = ajv.compile(schema);
    if (validate(value)) return { value };
    return { error: invalid(validate.errors?.[0]) };
  });
}

function invalid(error: ErrorObject | undefined): GenlockError {
  if (error === undefined) return new GenlockError('invalid_parameter');
  const at = error.instancePath.split('/').slice(1).map(pointerStep);
  const params: Readonly<Record<string, unknown>> = error.params;
  if (error.keyword === 'required')
    return new GenlockError('parameter_missing', undefined, named([...at, String(params.missingProperty)]));
  if (error.keyword === 'additionalProperties')
    return new GenlockError(
      'invalid_parameter',
      'There is no such field.',
      named([...at, String(params.additionalProperty)]),
    );
  return new GenlockError(
    'invalid_parameter',
    `${at.length === 0 ? 'The body' : 'The value'} ${wanted(error)}.`,
    named(at),
  );
}

function wanted({ keyword, message, parentSchema, params }: ErrorObject): string {
  const schema: Readonly<Record<string, unknown>> = parentSchema ?? {};
  if (keyword === 'enum') {
    const values = (schema.enum as readonly unknown[]).filter((value) => value !== null);
    return `must be one of ${values.join(', ')}`;
  }
  const format = typeof schema.format === 'string' ? FORMATS[schema.format] : undefined;
  if (format !== undefined && (keyword === 'type' || keyword === 'format')) return format.expected;
  if (keyword === 'type') return `must be ${[params.type].flat().join(' or ')}`;
  return message ?? 'is not allowed';
}

/** Turns `['routes', '0', 'provider']` into `routes[0].provider`. */
function named(path: readonly string[]): { param?: string } {
  if (path.length === 0) return {};
  return {
    param: path
      .map((part, depth) => (/^\d+$/.test(part) ? `[${part}]` : depth === 0 ? part : `.${part}`))
      .join(''),
  };
}

/** Unescapes a step of a JSON pointer. */
function pointerStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function isAddressBlock(text: string): boolean {
  try {
    parseAddressList([text]);
    return true;
  } catch {
    return false;
  }
}

import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../domain/error.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** Deeper than any request of any contract. Bounds the code that walks bodies recursively. */
const MAX_DEPTH = 64;

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json *(?:;|$)/i;

/**
 * Leaves bodies as the bytes that came. So the dialect decides in its own order of checks what a body has to be, and the framework does not
 * refuse it before that.
 */
export function acceptRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  // The usual type has its own entry, because the framework parses every other content type again at each call.
  for (const type of ['application/json', '*'])
    scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

export interface JsonBody {
  readonly object: JsonObject;
  /**
   * Members whose number is written with a fraction or an exponent. `1.0` is a float in almost every language but this one, and contracts
   * say that it is not an integer.
   */
  readonly floats: Floats;
}

export interface Floats {
  has(member: string): boolean;
}

/**
 * Parses the bytes of a body as one JSON object: UTF-8, of bounded depth, without text that UTF-8 or a database cannot store (NUL, lone
 * surrogates; `reason` is then `unstorable_text`, and `param` names the member). Members called `__proto__` are plain data and stay so.
 *
 * @param contentType the header as it came; if absent the body is taken for JSON, and another type is refused
 * @throws GenlockError `malformed_request`
 */
export function readJsonObject(body: unknown, contentType?: string): JsonBody {
  if (contentType !== undefined && contentType !== '' && !JSON_TYPE.test(contentType))
    throw new GenlockError('malformed_request', 'The Content-Type must be application/json.');
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new GenlockError('malformed_request', 'A JSON body is required.');
  if (!isUtf8(body)) throw new GenlockError('malformed_request', 'The body is not valid UTF-8.');
  const text = body.toString('utf8');
  const object = parseObject(text);
  assertShallow(object, 1);
  // Only an escape can bring NUL or a lone surrogate into valid UTF-8.
  if (text.includes('\\u')) assertStorable(object);
  return { object, floats: floatsIn(text) };
}

/** The same for a body that may be left out, which then counts as an empty object. @throws GenlockError `malformed_request` */
export function readOptionalJsonObject(body: unknown, contentType?: string): JsonBody {
  const empty = body === undefined || (Buffer.isBuffer(body) && body.length === 0);
  return empty ? { object: {}, floats: new Set() } : readJsonObject(body, contentType);
}

function parseObject(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new GenlockError('malformed_request', 'The body is not valid JSON.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new GenlockError('malformed_request', 'The body must be a JSON object.');
  return value as JsonObject;
}

function assertShallow(value: object, depth: number): void {
  if (depth > MAX_DEPTH) throw new GenlockError('malformed_request', 'The body is nested too deeply.');
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) assertShallow(member, depth + 1);
  }
}

function assertStorable(object: JsonObject): void {
  for (const [name, member] of Object.entries(object)) {
    if (!storable(name) || !storable(member))
      throw new GenlockError('malformed_request', 'Text must not hold NUL or unpaired surrogates.', {
        reason: 'unstorable_text',
        ...(storable(name) && { param: name }),
      });
  }
}

function storable(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => storable(name) && storable(member));
}

/** Finds a number by the object that contains it and its name. The text is parsed a second time only if it may contain a float. */
function floatsIn(text: string): Floats {
  let all: ReadonlySet<string> | undefined;
  return {
    has(member) {
      if (all === undefined && !mayBeFloat(text, member)) return false;
      all ??= floatsOf(text);
      return all.has(member);
    },
  };
}

const FLOAT_BEHIND_NAME = /\s*:\s*-?\d+[.eE]/y;

function mayBeFloat(text: string, member: string): boolean {
  if (text.includes('\\u')) return true; // the name may be written with escapes
  const name = `"${member}"`;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    FLOAT_BEHIND_NAME.lastIndex = at + name.length;
    if (FLOAT_BEHIND_NAME.test(text)) return true;
  }
  return false;
}

/** Parses the text a second time, with the source text of each number. */
function floatsOf(text: string): ReadonlySet<string> {
  const found: { holder: unknown; name: string }[] = [];
  const root: unknown = JSON.parse(
    text,
    function (this: unknown, name, value, context?: { source?: string }) {
      if (typeof value === 'number' && /[.eE]/.test(context?.source ?? ''))
        found.push({ holder: this, name });
      return value;
    },
  );
  return new Set(found.filter(({ holder }) => holder === root).map(({ name }) => name));
}

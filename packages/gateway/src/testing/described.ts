import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Answer } from './call.ts';
import type { TestGateway } from './gateway.ts';

/** Asserts that an answer fits its description in the OpenAPI document. */
export type ExpectDescribed = (path: string, method: string, answer: Answer) => void;

/** Reads a dialect's document as the gateway serves it. */
export async function describedBy({ url }: TestGateway, dialect: string): Promise<ExpectDescribed> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema((await (await fetch(`${url}/docs/openapi/${dialect}.json`)).json()) as object, 'doc');
  return (path, method, { status, headers, json }) => {
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const pointer = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
    const parts = pointer.map((part) => encodeURIComponent(part.replaceAll('/', '~1')));
    const validate = ajv.compile({ $ref: `doc#/${parts.join('/')}` });
    expect(validate(json), `${method} ${path}: ${ajv.errorsText(validate.errors)}`).toBe(true);
  };
}

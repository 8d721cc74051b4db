import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Api } from './documents.ts';
import type { Draft } from './draft.ts';
import type { Finding } from './finding.ts';
import { headerOf, type Reply } from './reply.ts';

export type DescriptionCheck = (draft: Draft, reply: Reply) => readonly Finding[];

const PROMISE = 'answers are as the document describes them';

/** Compares the answers of operations with their description in the OpenAPI document. */
export function descriptionCheck(apis: readonly Api[]): DescriptionCheck {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  const compiled = new Map<string, ValidateFunction | undefined>();
  const checkFor = ({ operation }: Draft, status: number): ValidateFunction | undefined => {
    const key = `${operation.name} ${status}`;
    if (!compiled.has(key)) {
      const schema = operation.answers.get(status);
      const components = apis.find(({ name }) => name === operation.api)?.document.components;
      compiled.set(key, schema && ajv.compile({ ...schema, components }));
    }
    return compiled.get(key);
  };
  return (draft, reply) => {
    const { operation, intact, manner } = draft;
    if (!intact || manner === 'alone' || operation.answers.size === 0) return [];
    // A request that no operation takes is not described.
    const unread =
      reply.status === 400 && Object.keys(operation.body).length === 0 && says(draft, 'content-type');
    if (unread) return [];
    if (!operation.answers.has(reply.status))
      return [{ promise: PROMISE, seen: `${reply.status} ${reply.body.toString('utf8', 0, 200)}` }];
    if (!/[/+]json\b/.test(headerOf(reply, 'content-type') ?? '')) return [];
    const check = checkFor(draft, reply.status);
    if (check === undefined || check(parsed(reply.body))) return [];
    return [{ promise: PROMISE, seen: `${reply.status}: ${ajv.errorsText(check.errors)}` }];
  };
}

function says({ headers, body }: Draft, name: string): boolean {
  return body !== undefined || headers.some(([one]) => one.toLowerCase() === name);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

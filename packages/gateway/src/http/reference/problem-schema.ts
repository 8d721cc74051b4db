import { canonicalCodes } from '@genlock/contracts';
import type { Schema } from './api-description.ts';

/** The shape of a problem document (RFC 9457) in our own APIs. */
export const problemSchema: Schema = {
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:genlock:error:not_found'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: [...canonicalCodes], description: 'What programs branch on.' },
    blame: { type: 'string', enum: ['caller', 'operator', 'provider'], description: 'Who has to act.' },
    retry: {
      type: 'string',
      enum: ['never', 'after_fix', 'backoff', 'after_delay'],
      description: 'What may be done with the same request.',
    },
    param: { type: 'string', description: 'The member at fault, such as `input.seconds`.' },
    request_id: { type: 'string' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'blame', 'retry', 'request_id'],
  additionalProperties: false,
};

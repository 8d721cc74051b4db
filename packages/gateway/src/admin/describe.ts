import { nativeCatalogue } from '@genlock/contracts';
import {
  type ApiDescription,
  json,
  type OperationDescription,
  type Schema,
} from '../http/reference/api-description.ts';
import type { DescribedApi } from '../http/reference/openapi.ts';
import { problemSchema } from '../http/reference/problem-schema.ts';
import { AccountPatch, NewAccount } from './accounts.ts';
import { AttemptsQuery } from './attempts.ts';
import { AuditQuery } from './audit.ts';
import { DeliveriesQuery } from './deliveries.ts';
import { NewFault } from './faults.ts';
import { KeyPatch, NewKey } from './keys.ts';
import { LedgerQuery, TopUp } from './ledger.ts';
import { ModelPatch, ModelsQuery } from './models.ts';
import { RoutesQuery } from './route-health.ts';
import { NewEndpoint, SecretQuery } from './webhooks.ts';

export const MOUNT = '/admin/v1';

/** Any call can be answered so, because wrong tokens are counted and limited. */
const ALWAYS = [
  'unauthenticated',
  'rate_limited',
  'malformed_request',
  'internal_error',
  'storage_unavailable',
];
const CHECKED = ['parameter_missing', 'invalid_parameter'];

interface Call {
  readonly query?: Schema;
  readonly body?: Schema;
  readonly errors?: readonly string[];
}

/** A call that is answered with the object that its summary names. */
function call(
  method: OperationDescription['method'],
  path: string,
  tag: string,
  summary: string,
  status: 200 | 201 = 200,
  { query, body, errors = [] }: Call = {},
): OperationDescription {
  const checked = query !== undefined || body !== undefined ? CHECKED : [];
  const named = path.includes('{') ? ['not_found'] : [];
  return {
    method,
    path,
    tag,
    summary,
    ...(query && { query }),
    ...(body && { body: { required: true, content: json(body) } }),
    answers: {
      [status]: {
        description: status === 201 ? 'Made.' : 'It, as it now is.',
        content: json({ type: 'object' }),
      },
    },
    errors: [...ALWAYS, ...checked, ...named, ...errors],
  };
}

const topUp = call(
  'post',
  '/accounts/{id}/top-ups',
  'Money',
  'Credit an account, once for each `reference`.',
  201,
  {
    body: TopUp,
    errors: ['idempotency_conflict'],
  },
);

const operations: readonly OperationDescription[] = [
  call('post', '/accounts', 'Accounts', 'Open an account.', 201, { body: NewAccount }),
  call('get', '/accounts/{id}', 'Accounts', 'Read an account and its balance.'),
  call('patch', '/accounts/{id}', 'Accounts', 'Change an account. null resets to the default.', 200, {
    body: AccountPatch,
  }),
  call('post', '/accounts/{id}/keys', 'Keys', 'Make a key. It is shown only now.', 201, { body: NewKey }),
  call('get', '/keys/{id}', 'Keys', 'Read a key.'),
  call(
    'patch',
    '/keys/{id}',
    'Keys',
    'Change a key, from the next request on. A revoked key stays revoked.',
    200,
    {
      body: KeyPatch,
      errors: ['invalid_state'],
    },
  ),
  {
    ...topUp,
    answers: {
      ...topUp.answers,
      200: { description: 'Credited by an earlier call.', content: json({ type: 'object' }) },
    },
  },
  call('get', '/accounts/{id}/ledger', 'Money', 'List the transfers of an account, oldest first.', 200, {
    query: LedgerQuery,
  }),
  call('post', '/top-ups/{id}/confirm', 'Money', 'Confirm a pending top-up. It is credited once.'),
  call('post', '/reconcile', 'Money', 'Add up the whole ledger again; the drift must be zero.'),
  call('get', '/models', 'Models', 'List the models of all dialects, or of one.', 200, {
    query: ModelsQuery,
  }),
  call('patch', '/models/{dialect}/{id}', 'Models', 'Change a model. Its id may contain a slash.', 200, {
    body: ModelPatch,
    errors: ['invalid_state'],
  }),
  call('delete', '/models/{dialect}/{id}', 'Models', 'Undo all run-time changes of a model.'),
  call(
    'get',
    '/routes',
    'Models',
    'Read the health of the routes to providers, as this process sees it.',
    200,
    {
      query: RoutesQuery,
    },
  ),
  call('post', '/routes/{provider}/{model}/reset', 'Models', 'Use a route again that is being left alone.'),
  call('get', '/generations/{id}', 'Generations', 'Read everything that is known of a generation.'),
  call('post', '/generations/{id}/cancel', 'Generations', 'Cancel a generation that has not ended.', 200, {
    errors: ['invalid_state'],
  }),
  call(
    'get',
    '/attempts',
    'Generations',
    'List attempts that may have to be paid although they brought nothing, and those that lost some of their calls.',
    200,
    {
      query: AttemptsQuery,
    },
  ),
  call('get', '/audit', 'Audit', 'List what the operator did or was refused, newest first.', 200, {
    query: AuditQuery,
  }),
  call('post', '/accounts/{id}/webhook-endpoints', 'Webhooks', 'Set up a receiver for an account.', 201, {
    body: NewEndpoint,
  }),
  call(
    'get',
    '/accounts/{id}/webhook-secret',
    'Webhooks',
    'Read the webhook secret of an account in a dialect and mode.',
    200,
    {
      query: SecretQuery,
    },
  ),
  call('post', '/accounts/{id}/webhook-secret/rotate', 'Webhooks', 'Replace that secret.', 200, {
    query: SecretQuery,
  }),
  call('get', '/webhook-deliveries', 'Webhooks', 'List the webhooks of a generation.', 200, {
    query: DeliveriesQuery,
    errors: ['not_found'],
  }),
  call('post', '/webhook-deliveries/{id}/redeliver', 'Webhooks', 'Send a delivery again now.'),
];

const faults: readonly OperationDescription[] = [
  call('post', '/faults', 'Faults', 'Break a component for a while.', 201, { body: NewFault }),
  call('delete', '/faults', 'Faults', 'Mend everything.'),
];

function describe(emulator: boolean): ApiDescription {
  return {
    title: 'Genlock admin API',
    description:
      'The operator’s API: accounts, keys, money, models, and a view of everything. Errors are problem details (RFC 9457); money is in US dollars, as decimal text.',
    operations: emulator ? [...operations, ...faults] : operations,
    schemas: {},
    error: { 'application/problem+json': problemSchema },
    auth: { type: 'http', scheme: 'bearer', description: 'The admin token.' },
  };
}

/** The operator's API as data. Faults exist only in the emulator. */
export function adminApi(emulator: boolean): DescribedApi {
  return { name: 'admin', mount: MOUNT, description: describe(emulator), catalogue: nativeCatalogue };
}

import type { CanonicalCode } from '@genlock/contracts';
import type { Complaint } from '../../upstream/testing/complaint.ts';

/* Replies in the forms that Replicate sends, reduced to what matters. */

const base = {
  id: 'gm3qorzdhgbfurvjtvhg6dckhu',
  model: 'acme/painter',
  version: '5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa',
  input: { prompt: 'a mug' },
  logs: '',
  output: null,
  error: null,
  data_removed: false,
  created_at: '2026-05-08T16:19:34.765994Z',
  metrics: {},
  urls: { get: 'https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu' },
};

const file = (name: string): string => `https://replicate.delivery/xezq/${name}`;

/** Succeeded predictions by the form of the model's output, each with the files that count as its image or clip. */
export const succeeded: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['one file', file('out.webp'), [file('out.webp')]],
  ['files', [file('out-0.webp'), file('out-1.webp')], [file('out-0.webp'), file('out-1.webp')]],
  ['a member', { image: file('out.png'), nsfw: false }, [file('out.png')]],
  ['data', ['data:image/png;base64,aGk='], ['data:image/png;base64,aGk=']],
  ['nested', { result: { frames: [{ url: file('a.png') }], log: 'done' } }, [file('a.png')]],
  ['nothing, since it was removed', null, []],
  ['text', 'a mug stands on a table', []],
];

export const reply = (more: object): string => JSON.stringify({ ...base, ...more });

const problem = (status: number, title: string, detail: string) => ({
  status,
  body: { title, detail, status },
});

/** Error answers to an order. */
export const complaints: readonly Complaint[] = [
  [
    'a wrong key',
    problem(401, 'Unauthenticated', 'You did not pass a valid authentication token'),
    'route_down',
    'no',
  ],
  [
    'an empty account',
    problem(402, 'Insufficient credit', 'You have insufficient credit to run this model.'),
    'route_down',
    'no',
  ],
  [
    'a limit of spending',
    problem(402, 'Spend limit reached', 'Monthly spend limit reached.'),
    'route_down',
    'no',
  ],
  [
    'a key without the right',
    { status: 403, body: { detail: 'You do not have permission.' } },
    'model_misconfigured',
    'no',
  ],
  [
    'no such model',
    problem(404, 'Not found', 'The requested resource could not be found.'),
    'model_misconfigured',
    'no',
  ],
  ['a conflict', problem(409, 'Conflict', 'The deployment is being changed.'), 'model_misconfigured', 'no'],
  [
    'inputs that the model does not take',
    {
      status: 422,
      body: {
        title: 'Input validation failed',
        detail: '- input.width: Must be one of 512, 768\n',
        status: 422,
        invalid_fields: [{ type: 'enum', field: 'input.width', description: 'Must be one of 512, 768' }],
      },
    },
    'model_misconfigured',
    'no',
  ],
  [
    'a version that is not there',
    problem(422, 'Invalid version or not permitted', 'The specified version does not exist.'),
    'model_misconfigured',
    'no',
  ],
  [
    'a refused prompt',
    problem(422, 'Content moderation', 'The prompt was flagged as sensitive.'),
    'content_rejected',
    'no',
  ],
  [
    'too many calls',
    { status: 429, headers: { 'retry-after': '2' }, body: { detail: 'Request was throttled.' } },
    'upstream_rate_limited',
    'no',
  ],
  [
    'an error in words that say nothing',
    { status: 500, body: { detail: 'Internal server error' } },
    'upstream_failed',
    'maybe',
  ],
  [
    'an error in its own words',
    problem(500, 'Failed to create prediction', 'No capacity.'),
    'upstream_failed',
    'no',
  ],
  ['the page of a proxy', { status: 502, body: '<html>502 Bad Gateway</html>' }, 'upstream_failed', 'maybe'],
  [
    'an outage',
    { status: 503, body: { detail: 'Service is temporarily unavailable.' } },
    'upstream_unavailable',
    'no',
  ],
  ['a proxy that waited in vain', { status: 504, body: '' }, 'upstream_timeout', 'maybe'],
  [
    'another address',
    { status: 301, body: '', headers: { location: 'https://elsewhere.test' } },
    'model_misconfigured',
    'no',
  ],
];

/** The `error` of failed predictions. */
export const failed: readonly (readonly [string, CanonicalCode])[] = [
  ['NSFW content detected. Try running it again, or try a different prompt.', 'content_rejected'],
  [
    'The input or output was flagged as sensitive. Please try again with different inputs. (E005)',
    'content_rejected',
  ],
  ['Prediction failed: content moderation refused the prompt', 'content_rejected'],
  [
    'Service is currently unavailable due to high demand. Please try again later. (E003)',
    'upstream_unavailable',
  ],
  ['Service is temporarily unavailable. Please try again later. (E004)', 'upstream_unavailable'],
  ['Prediction timed out (E6716)', 'upstream_timeout'],
  ['Prediction interrupted; please retry (code: PA)', 'upstream_failed'],
  ['CUDA out of memory. Tried to allocate 20.00 MiB', 'upstream_failed'],
  ['Director: unexpected error handling prediction (E9828)', 'upstream_failed'],
  ['cannot identify image file <_io.BytesIO object>', 'invalid_media'],
  ['The inputs were invalid. (E006)', 'model_misconfigured'],
];

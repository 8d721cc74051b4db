import { describeJobs } from '../upstream/testing/job-suite.ts';
import { KEY, startFalDouble } from './testing/double.ts';

describeJobs('fal', {
  start: startFalDouble,
  settings: ({ url }) => `base_url: "${url}", api_key: "${KEY}"`,
  models: { image: 'acme/painter/dev', video: 'acme/film/v2/image-to-video', speech: 'acme/talker' },
  order: 'POST /acme/painter/dev',
  ask: 'GET /acme/painter/requests/r1/status',
  firstId: 'acme/painter/requests/r1',
  refuse: (double) =>
    double.ends({
      status: 422,
      body: {
        detail: [
          { loc: ['body', 'prompt'], msg: 'The content was flagged.', type: 'content_policy_violation' },
        ],
      },
    }),
  emptyAccount: {
    status: 403,
    body: { detail: `User is locked. Reason: Exhausted balance. Top up at fal.ai/dashboard/billing. ${KEY}` },
  },
  failure: { status: 503, body: { detail: 'No runner.', error_type: 'runner_scheduling_failure' } },
  words: /fal\.ai|fal-double|acme|painter|flagged|runner/i,
});

import { describeJobs } from '../upstream/testing/job-suite.ts';
import { KEY, startReplicateDouble } from './testing/double.ts';

describeJobs('replicate', {
  start: startReplicateDouble,
  settings: ({ baseUrl }) => `base_url: ${baseUrl}, api_key: ${KEY}`,
  models: { image: 'acme/painter', video: 'acme/film:5c7d5dc6dd8bf75c', speech: 'deployments/acme/talker' },
  order: 'POST /v1/models/acme/painter/predictions',
  ask: 'GET /v1/predictions/p1',
  firstId: 'p1',
  refuse: (double) =>
    double.ends({ status: 'failed', error: 'The input or output was flagged as sensitive. (E005)' }),
  emptyAccount: {
    status: 402,
    body: {
      title: 'Insufficient credit',
      detail: `You have insufficient credit to run this model. ${KEY}`,
      status: 402,
    },
  },
  failure: { status: 503, body: { detail: 'Service is temporarily unavailable.', status: 503 } },
  words: /replicate|acme|painter|sensitive|E005|r8_/i,
});

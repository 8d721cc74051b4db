import Type from 'typebox';
import { LOG_LEVELS } from '../config.ts';
import { choice, listen, url } from '../fields.ts';
import { closed, optional } from './shapes.ts';

export const log = Type.Object(
  { level: optional(choice(LOG_LEVELS, 'The least important messages that are written.')) },
  closed('Logs.'),
);

export const metrics = Type.Object(
  {
    listen: optional(
      listen(
        'An address of its own for /metrics, where no token is asked for. Without it, /metrics is served with the admin token beside everything else. Taken at start only.',
        '127.0.0.1:9464',
      ),
    ),
  },
  closed('Metrics for Prometheus.'),
);

export const telemetry = Type.Object(
  {
    otlp: optional(
      url(
        'The OpenTelemetry collector that traces are sent to, as OTLP over HTTP; /v1/traces is put behind it. Without it the variable OTEL_EXPORTER_OTLP_ENDPOINT decides. Taken at start only.',
        'http://127.0.0.1:4318',
      ),
    ),
    sample: optional(
      Type.Number({
        description:
          'The share of traces begun here that are recorded; those of callers are where they record them.',
        examples: [1],
        minimum: 0,
        maximum: 1,
      }),
    ),
  },
  closed('Traces.'),
);

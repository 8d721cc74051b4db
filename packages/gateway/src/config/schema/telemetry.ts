import Type from 'typebox';
import { LOG_LEVELS } from '../config.ts';
import { choice, listen, url } from '../fields.ts';
import { closed, optional } from './shapes.ts';

export const log = Type.Object(
  { level: optional(choice(LOG_LEVELS, 'The lowest level of messages that are written.')) },
  closed('Logs.'),
);

export const metrics = Type.Object(
  {
    listen: optional(
      listen(
        'A separate address for /metrics, which needs no token there. Without this setting, /metrics is served at the main address and needs the admin token. Read at start only.',
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
        'The OpenTelemetry collector that receives traces, as OTLP over HTTP. /v1/traces is appended. Without this setting, the variable OTEL_EXPORTER_OTLP_ENDPOINT decides. Read at start only.',
        'http://127.0.0.1:4318',
      ),
    ),
    sample: optional(
      Type.Number({
        description:
          'The share of the traces started here that are recorded. A trace that a caller started is recorded if the caller records it.',
        examples: [1],
        minimum: 0,
        maximum: 1,
      }),
    ),
  },
  closed('Traces.'),
);

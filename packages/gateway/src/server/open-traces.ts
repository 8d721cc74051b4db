import type { Config } from '../config/config.ts';
import type { Log } from '../telemetry/log.ts';
import type { TraceExport } from '../telemetry/otlp.ts';
import { noTraces } from '../telemetry/traces.ts';

type Env = Readonly<Record<string, string | undefined>>;

const NOTHING: TraceExport = { traces: noTraces, close: async () => {} };

/** Opens traces if genlock.yaml or OpenTelemetry's environment variables name a collector. Otherwise nothing is loaded. */
export async function openTraces(
  { telemetry }: Config,
  env: Env,
  { version, instance, log }: { version: string; instance: string; log: Log },
): Promise<TraceExport> {
  const url = env.OTEL_SDK_DISABLED === 'true' ? undefined : tracesUrl(telemetry.otlp, env);
  if (url === undefined) return NOTHING;
  const { openOtlp } = await import('../telemetry/otlp.ts');
  return openOtlp({ url, sample: telemetry.sample, version, instance, log });
}

/** According to OpenTelemetry's OTLP exporter, the variable for traces is a complete URL and the one for all signals is a base URL. */
function tracesUrl(configured: string | null, env: Env): string | undefined {
  if (configured === null && env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
    return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = configured ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return base ? `${base.replace(/\/+$/, '')}/v1/traces` : undefined;
}

import type { Latencies, ModelUsage, UsageFilter } from '../../port.ts';
import type { Connection } from '../connection.ts';

export interface UsageReport {
  readonly models: readonly ModelUsage[];
  readonly latencies: Latencies;
}

/** Usage by what was created in the period, including deleted generations. Walks the generations of the account in that period. */
export function usage(db: Connection, filter: UsageFilter): UsageReport {
  const dialect = filter.dialect ?? null;
  const period = [filter.accountId, filter.mode, filter.from, filter.to, dialect, dialect];
  const models = db.all<ModelUsage>(
    `SELECT dialect, model, kind, count(*) AS requests, count(*) FILTER (WHERE status = 'failed') AS failed,
       ${DELIVERED.map((what) => `coalesce(sum(delivered ->> '$.${what}'), 0) AS ${what}`).join(', ')},
       coalesce(sum(charged), 0) AS charged
     ${IN_PERIOD} GROUP BY dialect, model, kind ORDER BY dialect, model, kind`,
    ...period,
  );
  const latencies = db.get<Latencies>(
    `WITH ended AS (
       SELECT finished_at - created_at AS ms, row_number() OVER (ORDER BY finished_at - created_at) AS rank,
         count(*) OVER () AS n
       ${IN_PERIOD} AND finished_at IS NOT NULL)
     SELECT ${[50, 95, 99].map((p) => `coalesce(min(ms) FILTER (WHERE rank * 100 >= n * ${p}), 0) AS p${p}`).join(', ')}
     FROM ended`,
    ...period,
  );
  // Rows have a null prototype; the port promises plain objects.
  return { models: models.map((row) => ({ ...row })), latencies: { ...NONE, ...latencies } };
}

const NONE: Latencies = { p50: 0, p95: 0, p99: 0 };

const DELIVERED = ['inputTokens', 'outputTokens', 'images', 'seconds', 'characters'] as const;

const IN_PERIOD = `FROM generations INDEXED BY generations_by_time
  WHERE account_id = ? AND mode = ? AND created_at >= ? AND created_at < ? AND (? IS NULL OR dialect = ?)`;

import { CALL_LIMITS, type DialectSettings } from '../config.ts';
import type { DialectFile } from '../schema.ts';
import { parseAmount, parseDuration, parseSize } from '../units.ts';

/**
 * The settings of one dialect: the file's values over those of the contract. Limits are merged one by one; packs are replaced as a whole.
 */
export function resolveDialect(
  file: DialectFile,
  host: string | null,
  base: DialectSettings,
): DialectSettings {
  const webhook = file.webhook ?? {};
  const { when_unreachable, ...limits } = file.limits ?? {};
  const choices = choicesOf(when_unreachable) ?? base.whenUnreachable;
  const timestampHeader = webhook.timestamp_header ?? base.webhook.timestampHeader;
  const signatureHeader = webhook.signature_header ?? base.webhook.signatureHeader;
  const canceledAs = file.canceled_as ?? base.canceledAs;
  return {
    assetTtlMs: read(parseDuration, file.asset_ttl, base.assetTtlMs),
    limits: { ...base.limits, ...limits },
    ...(choices !== undefined && { whenUnreachable: choices }),
    creditUsd: read(parseAmount, file.credit_usd, base.creditUsd),
    webhook: {
      timeoutMs: read(parseDuration, webhook.timeout, base.webhook.timeoutMs),
      retries: webhook.retries ?? base.webhook.retries,
      intervalMs: read(parseDuration, webhook.interval, base.webhook.intervalMs),
      ...(timestampHeader !== undefined && { timestampHeader }),
      ...(signatureHeader !== undefined && { signatureHeader }),
    },
    upload: {
      maxBytes: read(parseSize, file.upload?.max_bytes, base.upload.maxBytes),
      maxPixels: file.upload?.max_pixels ?? base.upload.maxPixels,
    },
    packs:
      file.packs?.map(({ id, usd }) => ({ id, usd: parseAmount(usd) ?? 0 })) ??
      base.packs.map((pack) => ({ ...pack })),
    ...(canceledAs !== undefined && { canceledAs }),
    host: host ?? base.host,
  };
}

/** One choice for all limits is turned into a choice for each. */
function choicesOf(
  written: NonNullable<DialectFile['limits']>['when_unreachable'],
): DialectSettings['whenUnreachable'] {
  return typeof written === 'string'
    ? Object.fromEntries(CALL_LIMITS.map((name) => [name, written]))
    : written;
}

function read<Written>(
  parse: (written: Written) => number | undefined,
  written: Written | undefined,
  otherwise: number,
): number {
  return (written === undefined ? undefined : parse(written)) ?? otherwise;
}

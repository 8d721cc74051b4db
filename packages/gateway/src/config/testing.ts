import Type from 'typebox';
import type { ConfigDefaults, DialectSettings } from './config.ts';
import { ConfigError } from './issues.ts';
import { loadConfig } from './load.ts';

/* What the tests of this folder share. */

export const kiara: DialectSettings = {
  assetTtlMs: 30 * 86_400_000,
  limits: { requests_per_minute: 60, reads_per_minute: 600, unfinished_jobs: 50 },
  creditUsd: 10_000,
  webhook: {
    timeoutMs: 10_000,
    retries: 8,
    intervalMs: 30_000,
    timestampHeader: 'X-Kiara-Timestamp',
    signatureHeader: 'X-Kiara-Signature',
  },
  upload: { maxBytes: 10_000_000, maxPixels: 50_000_000 },
  packs: [{ id: 'pack_25', usd: 25_000_000 }],
  host: null,
};

export const defaults: ConfigDefaults = {
  dialects: {
    kiara,
    llmtune: { ...kiara, packs: [], webhook: { timeoutMs: 5000, retries: 4, intervalMs: 2000 } },
  },
  knownModels: new Map([
    ['kiara/kiara-vogue', { kind: 'image', pricedBy: ['image_quality'] }],
    ['kiara/kiara-edit', { kind: 'image' }],
    ['llmtune/meta/llama-3', { kind: 'text' }],
  ]),
  providerTypes: new Map([['sandbox', Type.Object({})]]),
  hostParts: { llmtune: ['api', 'dashboard'] },
  emulator: false,
};

/** The example in the documentation. */
export const example = `# yaml-language-server: $schema=./genlock.schema.json
dialects:
  kiara:
    asset_ttl: 14d
    credit_usd: "0.02"
    limits: { requests_per_minute: 120, reads_per_minute: 600, unfinished_jobs: 50, when_unreachable: { reads_per_minute: allow } }
    webhook: { retries: 3, interval: 45s, timeout: 5s }
    upload: { max_bytes: 20MB, max_pixels: 60000000 }
    packs: [{ id: pack_10, usd: "10.00" }]
hosts: { kiara: Kiara.example.com, llmtune: { api: api.example.com, dashboard: example.com } }
models:
  kiara/kiara-vogue:
    price: { unit: call, usd: "0.06", factors: { image_quality: { 4k: 1.5 } }, round_to: "0.01" }
    routes: [sandbox/kiara-vogue, { provider: my-openai, model: gpt-image-1, weight: 3, cost: { unit: image, usd: 0.04 } }]
    status: active
    billable: true
providers:
  my-openai: { type: openai-compatible, base_url: https://api.example.com/v1, api_key: "\${OPENAI_API_KEY}" }
moderation: { words: [forbidden], patterns: ["(?i)very\\\\s+bad"] }
outbound: { allow: [10.0.0.0/8] }
trusted_proxies: [10.0.0.1]
limits: { when_unreachable: allow }
retries: { max_attempts: 5, attempts_per_route: 2, base_delay: 250ms, max_delay: 20s, max_cost: 0.8 }
route_health: { window: 10, min_calls: 3, failure_ratio: 0.25, forget_after: 2m, open_for: 1s, max_open: 1m, broken_for: 2m, rest_for: 3s }
worker: { concurrency: 64, followed: 512, account_share: 0.8, test_share: 0.25, lease: 15s }
deadlines: { image: 11m, video: 31m, speech: 6m, text: 4m }
log: { level: warn }
metrics: { listen: "[::1]:9464" }
telemetry: { otlp: "http://collector:4318", sample: 0.1 }
`;

/** All problems of a file, as `line:column path: message`; empty if there are none. */
export function problems(text: string, env: Record<string, string> = {}, given = defaults): string[] {
  try {
    loadConfig(text, 'g.yaml', given, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^g\.yaml:/, ''));
  }
}

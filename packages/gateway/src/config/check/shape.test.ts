import { expect, it } from 'vitest';
import { example, problems } from '../testing.ts';

it.each([
  // Unknown and missing keys
  ['dialect:\n  kiara: {}', '1:1 dialect: unknown key; did you mean "dialects"?'],
  ['log:\n  colour: red', '2:3 log.colour: unknown key; there is level'],
  ['log: { toString: x }', '1:8 log.toString: unknown key; there is level'],
  [
    'models:\n  kiara/kiara-vogue:\n    price: { unit: call }',
    '3:12 models.kiara/kiara-vogue.price.usd: is missing',
  ],
  ['providers:\n  mine: {}', '2:9 providers.mine.type: is missing'],
  [
    'models: {kiara/kiara-edit: {routes: [{provider: sandbox}]}}',
    '1:38 models.kiara/kiara-edit.routes[0].model: is missing',
  ],
  ['hosts: {llmtune: {apis: a.example.com}}', '1:19 hosts.llmtune.apis: unknown key; did you mean "api"?'],
  [
    'models: {kiara/kiara-edit: {routes: []}}',
    '1:37 models.kiara/kiara-edit.routes: expected at least one entry, found an empty list (leave the key out to keep the default route; to switch the model off, write "status: inactive")',
  ],
  // Types
  ['- a\n- b', '1:1 expected a map, found a list'],
  ['worker: fast', '1:9 worker: expected a map, found "fast"'],
  ['worker:\nlog: {}', '1:8 worker: expected a map, found nothing (leave the key out to keep the default)'],
  [
    'worker:\n  concurrency: many',
    '2:16 worker.concurrency: expected a whole number from 1 to 100000, found "many"',
  ],
  [
    'worker: { concurrency: 1.5 }',
    '1:24 worker.concurrency: expected a whole number from 1 to 100000, found 1.5',
  ],
  [
    'worker: { concurrency: 0 }',
    '1:24 worker.concurrency: expected a whole number from 1 to 100000, found 0',
  ],
  [
    'route_health: { failure_ratio: 2 }',
    '1:32 route_health.failure_ratio: expected a number from 0.01 to 1, found 2',
  ],
  [
    'limits: {when_unreachable: never}',
    '1:28 limits.when_unreachable: expected one of refuse, allow, found "never"',
  ],
  [
    'dialects: {kiara: {limits: {when_unreachable: open}}}',
    '1:47 dialects.kiara.limits.when_unreachable: expected one of refuse, allow, found "open"',
  ],
  [
    'dialects: {kiara: {limits: {when_unreachable: {concurrent: allow}}}}',
    '1:48 dialects.kiara.limits.when_unreachable.concurrent: unknown key; there is requests_per_minute, reads_per_minute, video_requests_per_minute',
  ],
  ['moderation:\n  words:\n    - ok\n    - 7', '4:7 moderation.words[1]: expected a text, found 7'],
  ['moderation: {words: [""]}', '1:22 moderation.words[0]: expected 1 to 200 characters, found ""'],
  [
    'models: {kiara/kiara-edit: {billable: yes}}',
    '1:39 models.kiara/kiara-edit.billable: expected true or false, found "yes"',
  ],
  [
    'models: {kiara/kiara-edit: {input_field: 3}}',
    '1:42 models.kiara/kiara-edit.input_field: expected a text or null, found 3',
  ],
  [
    'models: {kiara/kiara-edit: {exclusive: [[a]]}}',
    '1:41 models.kiara/kiara-edit.exclusive[0]: expected 2 entries, found a list',
  ],
  [
    'models: {kiara/kiara-edit: {status: activ}}',
    '1:37 models.kiara/kiara-edit.status: expected one of active, paused, inactive, found "activ"; did you mean "active"?',
  ],
  // Durations and sizes
  [
    'worker: { lease: 10 }',
    '1:18 worker.lease: expected a duration from 100ms to 10m, such as 500ms, 30s, 10m, 24h or 30d, found 10',
  ],
  [
    'worker: { lease: 10sec }',
    '1:18 worker.lease: expected a duration from 100ms to 10m, such as 500ms, 30s, 10m, 24h or 30d, found "10sec"',
  ],
  [
    'worker: { lease: 1h }',
    '1:18 worker.lease: expected a duration from 100ms to 10m, such as 500ms, 30s, 10m, 24h or 30d, found "1h"',
  ],
  [
    'dialects: {kiara: {upload: {max_bytes: 10mb}}}',
    '1:40 dialects.kiara.upload.max_bytes: expected a size from 1B to 1GB, such as 500KB, 10MB or 10MiB, found "10mb"',
  ],
  // Money
  [
    'dialects: {kiara: {credit_usd: 0}}',
    '1:32 dialects.kiara.credit_usd: expected US dollars above 0 with up to 6 decimals, such as "0.06", found 0',
  ],
  [
    'dialects: {kiara: {credit_usd: 0.0000001}}',
    '1:32 dialects.kiara.credit_usd: expected US dollars above 0 with up to 6 decimals, such as "0.06", found 1e-7',
  ],
  [
    'dialects: {kiara: {credit_usd: "-1"}}',
    '1:32 dialects.kiara.credit_usd: expected US dollars above 0 with up to 6 decimals, such as "0.06", found "-1"',
  ],
  [
    'models: {kiara/kiara-edit: {price: {unit: call, usd: 1, factors: {a: {b: 1.0001}}}}}',
    '1:74 models.kiara/kiara-edit.price.factors.a.b: expected a factor from 0 to 1000 with up to 3 decimals, such as 1.5, found 1.0001',
  ],
  // Forms of text
  [
    'outbound:\n  allow: [10.0.0.0/8, 10.0.0.0/33]',
    '2:23 outbound.allow[1]: expected an address or network such as 10.0.0.0/8 or ::1, found "10.0.0.0/33"',
  ],
  [
    'trusted_proxies: [proxy.local]',
    '1:19 trusted_proxies[0]: expected an address or network such as 10.0.0.0/8 or ::1, found "proxy.local"',
  ],
  [
    'hosts: {kiara: "https://k.example"}',
    '1:16 hosts.kiara: expected a host name without scheme and port, such as api.example.com, found "https://k.example"',
  ],
  [
    'models: {kiara/kiara-edit: {routes: [sandbox]}}',
    '1:38 models.kiara/kiara-edit.routes[0]: expected a route: <provider>/<model>, or {provider, model}, found "sandbox"',
  ],
  [
    'dialects: {kiara: {webhook: {signature_header: "X Sig"}}}',
    '1:48 dialects.kiara.webhook.signature_header: expected the name of an HTTP header, found "X Sig"',
  ],
  [
    'providers: {a/b: {type: sandbox}}',
    '1:13 providers.a/b: expected a provider name of letters, digits, ".", "_" and "-", up to 64',
  ],
  [
    'moderation:\n  patterns:\n    - ok\n    - "(a"',
    '4:7 moderation.patterns[1]: expected a regular expression of up to 500 characters, found "(a": /(a/u: Unterminated group',
  ],
  [
    'moderation: {patterns: ["(a+)+$"]}',
    '1:25 moderation.patterns[0]: expected a regular expression of up to 500 characters, found "(a+)+$": a repetition within a repetition can take for ever; bound the inner one',
  ],
])('%j', (text, problem) => {
  expect(problems(text)).toEqual([problem]);
});

it('stays short about a value that is long', () => {
  expect(problems(`log: { level: ${'x'.repeat(5000)} }`)[0]?.length).toBeLessThan(200);
});

it('has nothing against the form of the documented example', () => {
  expect(problems(example, { OPENAI_API_KEY: 'sk-1' })).toEqual([
    '18:22 providers.my-openai.type: unknown provider type "openai-compatible"; there is sandbox',
  ]);
});

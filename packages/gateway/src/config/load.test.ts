import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './issues.ts';
import { defaultConfig, loadConfig } from './load.ts';
import { defaults, example, kiara, problems } from './testing.ts';

const withOpenAi = {
  ...defaults,
  providerTypes: new Map([
    ...defaults.providerTypes,
    ['openai-compatible', Type.Object({ base_url: Type.String(), api_key: Type.String() })],
  ]),
};

describe('loadConfig', () => {
  it('reads the documented example', () => {
    const config = loadConfig(example, 'genlock.yaml', withOpenAi, { OPENAI_API_KEY: 'sk-1' });
    expect(config).toEqual({
      dialects: {
        kiara: {
          assetTtlMs: 14 * 86_400_000,
          creditUsd: 20_000,
          limits: { requests_per_minute: 120, reads_per_minute: 600, unfinished_jobs: 50 },
          whenUnreachable: { reads_per_minute: 'allow' },
          webhook: { ...kiara.webhook, retries: 3, intervalMs: 45_000, timeoutMs: 5000 },
          upload: { maxBytes: 20_000_000, maxPixels: 60_000_000 },
          packs: [{ id: 'pack_10', usd: 10_000_000 }],
          host: 'kiara.example.com',
        },
        llmtune: { ...defaults.dialects.llmtune, host: 'api.example.com' },
      },
      hosts: new Map([
        ['kiara.example.com', { dialect: 'kiara' }],
        ['api.example.com', { dialect: 'llmtune', part: 'api' }],
        ['example.com', { dialect: 'llmtune', part: 'dashboard' }],
      ]),
      models: new Map([
        [
          'kiara/kiara-vogue',
          {
            price: {
              unit: 'call',
              usd: 60_000,
              factors: [{ dimension: 'image_quality', values: { '4k': 1500 } }],
              roundTo: 10_000,
            },
            routes: [
              { provider: 'sandbox', model: 'kiara-vogue' },
              {
                provider: 'my-openai',
                model: 'gpt-image-1',
                weight: 3,
                cost: { unit: 'image', usd: 40_000 },
              },
            ],
            status: 'active',
            billable: true,
          },
        ],
      ]),
      providers: {
        sandbox: { type: 'sandbox', settings: {} },
        'my-openai': {
          type: 'openai-compatible',
          settings: { base_url: 'https://api.example.com/v1', api_key: 'sk-1' },
        },
      },
      moderation: { words: ['forbidden'], patterns: [/very\s+bad/iu] },
      outbound: { allow: ['10.0.0.0/8'] },
      trustedProxies: ['10.0.0.1/32'],
      limits: { whenUnreachable: 'allow' },
      retries: { maxAttempts: 5, attemptsPerRoute: 2, baseDelayMs: 250, maxDelayMs: 20_000, maxCost: 800 },
      routeHealth: {
        window: 10,
        minCalls: 3,
        failureRatio: 0.25,
        forgetMs: 120_000,
        openMs: 1000,
        maxOpenMs: 60_000,
        brokenOpenMs: 120_000,
        restMs: 3000,
      },
      worker: { concurrency: 64, followed: 512, accountShare: 0.8, testShare: 0.25, leaseMs: 15_000 },
      deadlines: {
        image: 660_000,
        video: 1_860_000,
        speech: 360_000,
        text: 240_000,
        batch: 3_600_000,
        training: 86_400_000,
      },
      log: { level: 'warn' },
      metrics: { listen: { host: '::1', port: 9464 } },
      telemetry: { otlp: 'http://collector:4318', sample: 0.1 },
    });
  });

  it('keeps every default that the file does not name', () => {
    const config = loadConfig(
      'dialects: {kiara: {limits: {unfinished_jobs: 5}, webhook: {signature_header: X-Sig}}}',
      'genlock.yaml',
      defaults,
      {},
    );
    expect(config.dialects.kiara).toEqual({
      ...kiara,
      limits: { ...kiara.limits, unfinished_jobs: 5 },
      webhook: { ...kiara.webhook, signatureHeader: 'X-Sig' },
    });
    expect(config.dialects.llmtune).toEqual(defaults.dialects.llmtune);
    expect({ ...config, dialects: {} }).toEqual({ ...defaultConfig(defaults), dialects: {} });
  });

  it('takes one choice for all limits of a dialect', () => {
    const text = 'dialects: {kiara: {limits: {when_unreachable: allow}}}';
    expect(loadConfig(text, 'genlock.yaml', defaults, {}).dialects.kiara).toEqual({
      ...kiara,
      whenUnreachable: {
        requests_per_minute: 'allow',
        reads_per_minute: 'allow',
        video_requests_per_minute: 'allow',
      },
    });
  });

  it.each(['', '# nothing yet\n', '---\n', '{}'])('takes %j as no settings at all', (text) => {
    expect(loadConfig(text, 'genlock.yaml', defaults, {})).toEqual(defaultConfig(defaults));
  });

  it('reads the other settings of a model', () => {
    const config = loadConfig(
      `models:
  llmtune/meta/llama-3:
    price: { unit: token, usd: 0.6, output_usd: 1.20, factors: { audio: { true: "1.25" } } }
    routes: [sandbox/tiny]
    input_field: null
    enterprise_only: [seed]
    exclusive: [[a, b]]
    deadline: 90s
  kiara/kiara-edit: { routes: [sandbox/black/flux] }
`,
      'genlock.yaml',
      defaults,
      {},
    );
    expect(config.models.get('llmtune/meta/llama-3')).toEqual({
      price: {
        unit: 'token',
        usd: 600_000,
        outputUsd: 1_200_000,
        factors: [{ dimension: 'audio', values: { true: 1250 } }],
      },
      routes: [{ provider: 'sandbox', model: 'tiny' }],
      inputField: null,
      enterpriseOnly: ['seed'],
      exclusive: [['a', 'b']],
      deadlineMs: 90_000,
    });
    expect(config.models.get('kiara/kiara-edit')?.routes).toEqual([
      { provider: 'sandbox', model: 'black/flux' },
    ]);
  });

  it('gives something that nobody can change, and no way to the prototype', () => {
    const config = loadConfig(
      'models: {kiara/kiara-edit: {routes: [sandbox/a]}}',
      'genlock.yaml',
      defaults,
      {},
    );
    expect(Object.isFrozen(config.dialects.kiara?.limits)).toBe(true);
    expect(Object.isFrozen(config.models.get('kiara/kiara-edit')?.routes)).toBe(true);
    expect(config.providers.constructor).toBeUndefined();
    expect(Object.isFrozen(kiara.packs)).toBe(false);
  });

  it('tells every problem at once, of every sort, in the order of the file', () => {
    expect(
      problems(`dialects:
  kaira: {}
  kiara: { asset_ttl: soon, limts: {} }
models:
  kiara/kiara-vogue:
    price: { unit: call, usd: lots }
    routes: [nowhere/x]
providers: { mine: { type: magic, key: "\${NOPE}" } }
retries: { base_delay: 1m }
`),
    ).toEqual([
      '2:3 dialects.kaira: unknown dialect "kaira"; did you mean "kiara"?',
      '3:23 dialects.kiara.asset_ttl: expected a duration from 1ms to 3650d, such as 500ms, 30s, 10m, 24h or 30d, found "soon"',
      '3:29 dialects.kiara.limts: unknown key; did you mean "limits"?',
      '6:31 models.kiara/kiara-vogue.price.usd: expected US dollars from 0 with up to 6 decimals, such as "0.06", found "lots"',
      '7:14 models.kiara/kiara-vogue.routes[0]: unknown provider "nowhere", which is not under providers; there is sandbox, mine',
      '8:28 providers.mine.type: unknown provider type "magic"; there is sandbox',
      '8:40 providers.mine.key: the environment variable NOPE is not set; set it where this runs',
      '9:24 retries.base_delay: base_delay (60000 ms) is above max_delay (30000 ms)',
    ]);
  });

  it('throws a ConfigError that programs can read', () => {
    const error = (() => {
      try {
        return loadConfig('log: { level: loud }', 'genlock.yaml', defaults, {});
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      file: 'genlock.yaml',
      message: 'genlock.yaml:1:15 log.level: expected one of debug, info, warn, error, silent, found "loud"',
      issues: [{ line: 1, column: 15, path: 'log.level' }],
    });
  });
});

describe('defaultConfig', () => {
  it('is complete without a file', () => {
    expect(defaultConfig(defaults)).toEqual({
      dialects: defaults.dialects,
      hosts: new Map(),
      models: new Map(),
      providers: { sandbox: { type: 'sandbox', settings: {} } },
      moderation: { words: [], patterns: [] },
      outbound: { allow: [] },
      trustedProxies: [],
      limits: { whenUnreachable: 'refuse' },
      retries: { maxAttempts: 4, attemptsPerRoute: 3, baseDelayMs: 500, maxDelayMs: 30_000, maxCost: 1000 },
      routeHealth: {
        window: 20,
        minCalls: 5,
        failureRatio: 0.5,
        forgetMs: 60_000,
        openMs: 15_000,
        maxOpenMs: 300_000,
        brokenOpenMs: 300_000,
        restMs: 1000,
      },
      worker: { concurrency: 128, followed: 1024, accountShare: 0.9, testShare: 0.5, leaseMs: 10_000 },
      deadlines: {
        image: 600_000,
        video: 1_800_000,
        speech: 300_000,
        text: 300_000,
        batch: 3_600_000,
        training: 86_400_000,
      },
      log: { level: 'info' },
      metrics: { listen: null },
      telemetry: { otlp: null, sample: 1 },
    });
  });

  it('retries quickly in the emulator', () => {
    expect(defaultConfig({ ...defaults, emulator: true }).retries).toMatchObject({
      baseDelayMs: 50,
      maxDelayMs: 1000,
    });
  });
});

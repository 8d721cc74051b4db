import { describe, expect, it } from 'vitest';
import { defaultConfig, loadConfig } from './load.ts';
import { defaults, problems } from './testing.ts';

describe('YAML', () => {
  it.each([
    ['log: {level: info', /^1:18 Flow map in block collection must .*\}/],
    ['log:\n\tlevel: info', /^2:1 Tabs are not allowed as indentation/],
    ['log: "info', /^1:11 Missing closing "quote/],
    ['log: !!js/function x', /^1:6 Unresolved tag/],
    ['log: {}\n---\nlog: {}', /^2:1 Source contains multiple documents/],
    ['['.repeat(20_000), /nested too deeply/],
    ['log: {}\n'.repeat(200_000), /^1:1 longer than 1048576 characters$/],
  ])('tells where %.20j is not readable', (text, problem) => {
    expect(problems(text)[0]).toMatch(problem);
  });

  it('says that a variable in a map of one line needs quotes', () => {
    const hint = '(within { } and [ ] write "$' + '{NAME}" in quotes)';
    expect(problems('providers:\n  a: { type: sandbox, key: $' + '{K} }')[0]).toBe(
      `2:29 Unexpected flow-map-start at node end ${hint}`,
    );
    expect(problems('log: {}\ntrusted_proxies: [$' + '{K}]')[0]).toContain(hint);
  });

  it('stops after 500 problems', () => {
    expect(problems(Array.from({ length: 600 }, (_, i) => `k${i}: 1`).join('\n'))).toHaveLength(500);
  });

  it('tells both lines of a key that is there twice', () => {
    expect(problems('worker:\n  lease: 1s\n  lease: 2s\nlog: {}\nworker: {}\n')).toEqual([
      '3:3 worker.lease: the key is there already, in line 2',
      '5:1 worker: the key is there already, in line 1',
    ]);
  });

  it('follows aliases, to the line of what is wrong too', () => {
    const text = `dialects:
  kiara: &same
    asset_ttl: 1h
  llmtune: *same
`;
    expect(loadConfig(text, 'g.yaml', defaults, {}).dialects.llmtune?.assetTtlMs).toBe(3_600_000);
    expect(problems(text.replace('1h', 'x'))).toEqual([
      expect.stringMatching(/^3:16 dialects\.kiara\.asset_ttl: expected a duration/),
      expect.stringMatching(/^3:16 dialects\.llmtune\.asset_ttl: expected a duration/),
    ]);
  });

  it('refuses aliases that lead nowhere, into themselves, or to very much', () => {
    expect(problems('log: *nope')).toEqual(['1:6 there is no anchor &nope above this']);
    expect(problems('log: &log\n  level: *log')).toEqual(['2:10 *log stands within what it names']);
    const bomb = ['a: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      bomb.push(
        `b${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(problems(bomb.join('\n'))).toEqual([expect.stringMatching(/^1:1 Excessive alias count/)]);
    expect(problems(`a: &a x\nb: [${Array(101).fill('*a').join(', ')}]`)).toEqual([
      expect.stringMatching(/^2:\d+ more than 100 aliases$/),
    ]);
  });
});

describe('the environment', () => {
  const settings = (text: string, env: Record<string, string>) =>
    loadConfig(`providers: {p: {type: sandbox, key: ${text}}}`, 'g.yaml', defaults, env).providers.p
      ?.settings;

  it('fills strings in, in any style, as they are', () => {
    const env = { KEY: 'sk-1: {"x"}', DIGITS: '0123', LOOP: '$' + '{KEY}' };
    expect(settings('"Bearer $' + '{KEY}"', env)).toEqual({ key: 'Bearer sk-1: {"x"}' });
    expect(settings("'$" + "{DIGITS}'", env)).toEqual({ key: '0123' });
    expect(settings('"$' + '{LOOP}"', env)).toEqual({ key: '$' + '{KEY}' });
    expect(settings('"$$' + '{KEY} $5"', env)).toEqual({ key: '$' + '{KEY} $5' });
  });

  it('fills numbers and booleans in where those are wanted', () => {
    const config = loadConfig(
      'worker: {concurrency: "$' + '{N}"}\nmodels: {kiara/kiara-edit: {billable: "$' + '{B}"}}',
      'g.yaml',
      defaults,
      { N: '7', B: 'false' },
    );
    expect(config.worker.concurrency).toBe(7);
    expect(config.models.get('kiara/kiara-edit')?.billable).toBe(false);
  });

  it('tells the line of a variable that is not set, once', () => {
    expect(problems('log: {}\nworker:\n  lease: $' + '{LEASE}\n')).toEqual([
      '3:10 worker.lease: the environment variable LEASE is not set; set it where this runs',
    ]);
    expect(problems('trusted_proxies: [::1, "$' + '{toString}"]')).toEqual([
      '1:24 trusted_proxies[1]: the environment variable toString is not set; set it where this runs',
    ]);
    expect(problems('log: {level: "$' + '{LOG LEVEL}"}')).toEqual([
      expect.stringMatching(/^1:14 log\.level: expected \$\{NAME\}/),
    ]);
  });

  it('never shows what a variable holds', () => {
    expect(problems('worker: {concurrency: "$' + '{SECRET}"}', { SECRET: 'sk-secret' })).toEqual([
      '1:23 worker.concurrency: expected a whole number from 1 to 100000, found what $' + '{SECRET} holds',
    ]);
    expect(problems('moderation: {patterns: ["$' + '{SECRET}"]}', { SECRET: '(sk' }).join()).not.toContain(
      '(sk',
    );
  });

  it('leaves comments and keys alone', () => {
    expect(loadConfig('# $' + '{NOPE}\n', 'g.yaml', defaults, {})).toEqual(defaultConfig(defaults));
  });
});

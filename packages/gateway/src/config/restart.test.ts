import { expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import { diffNeedsRestart, withFixed } from './restart.ts';
import { defaults } from './testing.ts';

const load = (text: string) => loadConfig(text, 'g.yaml', defaults, {});

it('names what differs and is fixed at start, and nothing else', () => {
  const old = load('');
  expect(
    diffNeedsRestart(
      old,
      load('log: {level: debug}\nretries: {max_attempts: 2}\nproviders: {mine: {type: sandbox}}'),
    ),
  ).toEqual([]);
  expect(diffNeedsRestart(old, load('worker: {lease: 20s}\ntrusted_proxies: [::1]'))).toEqual([
    'worker.lease',
  ]);
  const telemetry = 'metrics: {listen: 127.0.0.1:9464}\ntelemetry: {sample: 0.5}';
  expect(diffNeedsRestart(old, load(telemetry))).toEqual(['metrics.listen', 'telemetry']);
});

it('keeps what is fixed at start as it was, and takes all else', () => {
  const old = load('worker: {lease: 20s}');
  const fixed = 'metrics: {listen: 127.0.0.1:9464}\ntelemetry: {sample: 0.5}';
  const next = load(`worker: {lease: 1s, concurrency: 3}\ntrusted_proxies: [::1]\n${fixed}`);
  const taken = withFixed(old, next);
  expect(diffNeedsRestart(old, taken)).toEqual([]);
  expect(taken).toMatchObject({ worker: { leaseMs: 20_000, concurrency: 3 }, trustedProxies: ['::1/128'] });
});

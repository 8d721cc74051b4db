import { expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import { diffNeedsRestart } from './restart.ts';
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
    'trusted_proxies',
  ]);
  const telemetry = 'metrics: {listen: 127.0.0.1:9464}\ntelemetry: {sample: 0.5}';
  expect(diffNeedsRestart(old, load(telemetry))).toEqual(['metrics.listen', 'telemetry']);
});

import { expect, it } from 'vitest';
import { problems } from '../testing.ts';

it.each([
  [
    'hosts:\n  kiara: a.example.com\n  llmtune: {api: A.example.com}',
    '3:18 hosts.llmtune.api: the host name is taken by kiara',
  ],
  [
    'dialects: {kiara: {packs: [{id: a, usd: 1}, {id: a, usd: 2}]}}',
    '1:50 dialects.kiara.packs[1].id: there is a pack "a" already',
  ],
  [
    'models: {kiara/kiara-edit: {price: {unit: call, usd: 1, output_usd: 2}}}',
    '1:57 models.kiara/kiara-edit.price.output_usd: only a price per token can have it; this one is per call',
  ],
  [
    'models: {kiara/kiara-edit: {price: {unit: second, usd: 1}}}',
    '1:43 models.kiara/kiara-edit.price.unit: the work of the model is counted by call, image, not by second',
  ],
  [
    'models: {kiara/kiara-vogue: {price: {unit: call, usd: 1, factors: {image_qualty: {4k: 2}}}}}',
    '1:68 models.kiara/kiara-vogue.price.factors.image_qualty: no price can depend on "image_qualty" here; did you mean "image_quality"?',
  ],
  [
    'models: {llmtune/meta/llama-3: {routes: [{provider: sandbox, model: m, cost: {unit: image, usd: 1}}]}}',
    '1:85 models.llmtune/meta/llama-3.routes[0].cost.unit: the work of the model is counted by call, token, not by image',
  ],
  [
    'models: {kiara/kiara-edit: {exclusive: [[a, a]]}}',
    '1:41 models.kiara/kiara-edit.exclusive[0]: expected two different fields',
  ],
  [
    'retries: {base_delay: 2s, max_delay: 1s}',
    '1:38 retries.max_delay: base_delay (2000 ms) is above max_delay (1000 ms)',
  ],
  [
    'models: {kiara/kiara-edit: {routes: [{provider: sandbox, model: m, cost: {unit: call, usd: 1, output_usd: 2}}]}}',
    '1:95 models.kiara/kiara-edit.routes[0].cost.output_usd: only a price per token can have it; this one is per call',
  ],
  [
    'route_health: {open_for: 10m}',
    '1:26 route_health.open_for: open_for (600000 ms) is above max_open (300000 ms)',
  ],
  ['route_health: {window: 3}', '1:24 route_health.window: min_calls (5) is above window (3)'],
  ['route_health: {min_calls: 30}', '1:27 route_health.min_calls: min_calls (30) is above window (20)'],
  ['retries: {max_delay: 100ms}', '1:22 retries.max_delay: base_delay (500 ms) is above max_delay (100 ms)'],
])('%j', (text, problem) => {
  expect(problems(text)).toEqual([problem]);
});

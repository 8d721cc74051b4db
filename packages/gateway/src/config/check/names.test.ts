import Type from 'typebox';
import { expect, it } from 'vitest';
import { defaults, problems } from '../testing.ts';

it.each([
  ['dialects:\n  nope: {}', '2:3 dialects.nope: unknown dialect "nope"; there is kiara, llmtune'],
  [
    'dialects: {constructor: {}}',
    '1:12 dialects.constructor: unknown dialect "constructor"; there is kiara, llmtune',
  ],
  [
    'dialects: {kiara: {canceled_as: canceled}}',
    '1:20 dialects.kiara.canceled_as: kiara knows one spelling only',
  ],
  ['hosts: {lmtune: a.example.com}', '1:9 hosts.lmtune: unknown dialect "lmtune"; did you mean "llmtune"?'],
  ['hosts: {kiara: {api: a.example.com}}', '1:17 hosts.kiara.api: kiara has one host name only'],
  ['hosts: {llmtune: a.example.com}', '1:18 hosts.llmtune: expected a host name for each of api, dashboard'],
  [
    'models: {kiara-vogue: {}}',
    '1:10 models.kiara-vogue: expected <dialect>/<model id>, found "kiara-vogue"; did you mean "kiara/kiara-vogue"?',
  ],
  [
    'models: {nope/kiara-vogue: {}}',
    '1:10 models.nope/kiara-vogue: unknown dialect "nope"; there is kiara, llmtune',
  ],
  [
    'models: {kiara/kiara-vouge: {}}',
    '1:10 models.kiara/kiara-vouge: unknown model "kiara/kiara-vouge"; did you mean "kiara/kiara-vogue"?',
  ],
  [
    'models: {kiara/zzz: {}}',
    '1:10 models.kiara/zzz: unknown model "kiara/zzz"; there is kiara/kiara-vogue, kiara/kiara-edit',
  ],
  [
    'providers: {mine: {type: sandbx}}',
    '1:26 providers.mine.type: unknown provider type "sandbx"; did you mean "sandbox"?',
  ],
  [
    'models: {kiara/kiara-edit: {routes: [{provider: sandbux, model: x}]}}',
    '1:49 models.kiara/kiara-edit.routes[0].provider: unknown provider "sandbux", which is not under providers; did you mean "sandbox"?',
  ],
])('%j', (text, problem) => {
  expect(problems(text)).toEqual([problem]);
});

it('lets providers have any name, and the sandbox its settings', () => {
  expect(problems('providers: {mine: {type: sandbox}, sandbox: {type: sandbox, seed: 1}}')).toEqual([]);
  const other = {
    ...defaults,
    providerTypes: new Map([...defaults.providerTypes, ['other', Type.Object({})]]),
  };
  expect(problems('providers: {sandbox: {type: other}}', {}, other)).toEqual([
    '1:29 providers.sandbox.type: the provider "sandbox" is built in and cannot be of type "other"',
  ]);
});

it('checks no parts where nobody says which there are', () => {
  const { hostParts: _, ...open } = defaults;
  expect(problems('hosts: {llmtune: a.example.com, kiara: {api: b.example.com}}', {}, open)).toEqual([]);
});

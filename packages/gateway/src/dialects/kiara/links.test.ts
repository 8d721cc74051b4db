import { describe, expect, it } from 'vitest';
import type { Core } from '../../gateway/core.ts';
import { generationPath, ownFile, publicBase, uploadUrl } from './links.ts';

const ULID = '01J9ZQ3W0V6N8T5R2K4M7P1XYA';
const coreOf = (publicUrl: string, host: string | null = null) =>
  ({ publicUrl: () => publicUrl, config: () => ({ dialects: { kiara: { host } } }) }) as unknown as Core;

describe('publicBase', () => {
  it.each([
    ['http://127.0.0.1:4010', null, 'http://127.0.0.1:4010/kiara', '/kiara/v1/generations/gen_1'],
    ['https://x.example/gen', null, 'https://x.example/gen/kiara', '/gen/kiara/v1/generations/gen_1'],
    ['https://x.example', 'k.example', 'https://k.example', '/v1/generations/gen_1'],
    ['http://x.example:8080', 'k.example', 'http://k.example:8080', '/v1/generations/gen_1'],
  ])('of %s with host %s is %s', (publicUrl, host, base, path) => {
    expect(publicBase(coreOf(publicUrl, host))).toBe(base);
    expect(generationPath(base, 'gen_1')).toBe(path);
  });
});

describe('ownFile', () => {
  const core = coreOf('https://x.example', 'k.example');

  it('knows uploads and results under the mount and under the host', () => {
    for (const base of ['https://x.example/kiara', 'https://k.example']) {
      expect(ownFile(core, uploadUrl(base, `upl_${ULID}`))).toBe(`upl_${ULID}`);
      expect(ownFile(core, `${base}/v1/assets/asset_${ULID}/content`)).toBe(`asset_${ULID}`);
    }
  });

  it.each([
    `https://evil.example/v1/uploads/upl_${ULID}/content`,
    `https://k.example.evil/v1/uploads/upl_${ULID}/content`,
    `https://k.example/v1/uploads/upl_${ULID}/content?x=1`,
    `https://k.example/v1/uploads/upl_${ULID}`,
    `https://k.example/v1/uploads/../uploads/upl_${ULID}/content`,
    `https://k.example/v1/uploads/asset_${ULID}/content`,
    'https://k.example/v1/uploads/upl_short/content',
  ])('does not know %s', (url) => expect(ownFile(core, url)).toBeUndefined());
});

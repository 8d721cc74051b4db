import { describe, expect, it } from 'vitest';
import type { Core } from '../../gateway/core.ts';
import { deriveLinkSecret } from '../../secrets/link-secret.ts';
import { downloadUrl, linkHolds, ownFile, publicBase } from './links.ts';

const generationId = 'req-01J9ZQ3W0V6N8T5R2K4M7P1XYA';
const EXP = 1_800_000_000;
const coreOf = (publicUrl: string, host: string | null = null, now = EXP * 1000 - 1) =>
  ({
    publicUrl: () => publicUrl,
    config: () => ({ dialects: { getimg: { host } } }),
    linkSecret: deriveLinkSecret('secret'),
    now: () => now,
  }) as unknown as Core;

describe('publicBase', () => {
  it.each([
    ['http://127.0.0.1:4010', null, 'http://127.0.0.1:4010/getimg'],
    ['https://x.example/gen', null, 'https://x.example/gen/getimg'],
    ['http://x.example:8080', 'g.example', 'http://g.example:8080'],
  ])('of %s with host %s is %s', (publicUrl, host, base) => {
    expect(publicBase(coreOf(publicUrl, host))).toBe(base);
  });
});

describe('a link', () => {
  const core = coreOf('https://x.example', 'g.example');
  const url = downloadUrl(core, { generationId, index: 0 }, EXP);

  it('is known as ours under the mount and under the host, while it holds', () => {
    expect(ownFile(core, url)).toEqual({ generationId, index: 0 });
    expect(ownFile(core, url.replace('https://g.example', 'https://x.example/getimg'))).toBeDefined();
    expect(ownFile(coreOf('https://x.example', 'g.example', EXP * 1000), url)).toBeUndefined();
  });

  it.each([
    url.replace('g.example', 'evil.example'),
    url.replace('g.example', 'g.example.evil'),
    url.replace('/0?', '/1?'),
    `${url}0`,
    `${url}&x=1`,
    url.replace('exp', 'xp'),
  ])('is not ours when it is %s', (changed) => expect(ownFile(core, changed)).toBeUndefined());

  it('is signed by this installation', () => {
    const query = Object.fromEntries(new URL(url).searchParams);
    expect(linkHolds(core, `${generationId}/0`, query)).toBe(true);
    const other = { ...core, linkSecret: deriveLinkSecret('other') };
    expect(linkHolds(other, `${generationId}/0`, query)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { startCuttingProxy } from '../../../testing/cutting-proxy.ts';
import { besideGateway, MUG } from '../../../testing/native-customer.ts';

const { customer, gateway } = besideGateway();

describe('files', () => {
  it.each([
    ['bytes', (bytes: Uint8Array<ArrayBuffer>) => bytes],
    ['a buffer', (bytes: Uint8Array<ArrayBuffer>) => bytes.buffer],
    ['a blob', (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes], { type: 'image/png' })],
    ['a file', (bytes: Uint8Array<ArrayBuffer>) => new File([bytes], 'mug.png')],
  ])('are brought as %s, and worked on', async (_name, content) => {
    const client = await customer();
    const { output } = await client.generations.run(MUG);
    const bytes = await client.assets.download(output.assets[0]?.id ?? '');
    const asset = await client.assets.upload(content(bytes));
    expect(asset).toMatchObject({ bytes: bytes.byteLength, content_type: 'image/png', generation_id: null });
    const { input } = await client.generations.run({
      model: 'genlock/image',
      input: { prompt: 'at night', images: [asset.id] },
    });
    expect(input).toMatchObject({ images: [expect.stringContaining(asset.id)] });
  });

  it('are refused where they are none', async () => {
    const client = await customer();
    await expect(client.assets.upload(new TextEncoder().encode('no picture'))).rejects.toMatchObject({
      code: 'invalid_media',
      advice: 'fix_input',
    });
    await expect(client.assets.get('asset_nope')).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.assets.get('')).rejects.toThrow(TypeError);
  });

  it('are held against what was told of them', async () => {
    const client = await customer();
    const { output } = await client.generations.run(MUG);
    const [asset] = output.assets;
    if (asset === undefined) throw new Error('no asset');
    const other = { ...asset, sha256: '0'.repeat(64) };
    await expect(client.assets.download(other)).rejects.toMatchObject({ code: 'upstream_invalid_result' });
    await expect(client.assets.download({ ...asset, bytes: 7 })).rejects.toMatchObject({
      code: 'upstream_invalid_result',
    });
    await expect(client.assets.download(asset, { maxBytes: 100 })).rejects.toMatchObject({
      code: 'media_too_large',
    });
    const part = await client.assets.content(asset, { range: 'bytes=0-7' });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 8]);
  });

  it('are fetched again when the connection broke', async () => {
    const proxy = await startCuttingProxy(gateway().url);
    try {
      const client = await customer({ baseUrl: `${proxy.url}/v1` });
      const { output } = await client.generations.run(MUG);
      const [asset] = output.assets;
      if (asset === undefined) throw new Error('no asset');
      proxy.cutAfter(/\x89PNG/);
      expect((await client.assets.download(asset)).byteLength).toBe(asset.bytes);
    } finally {
      await proxy.close();
    }
  });
});

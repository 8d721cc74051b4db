import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesIn } from '../upstream/places.ts';
import { inputsOf } from './requests.ts';
import { loadWorkflows } from './workflow.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-workflows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const load = async (text: string) => {
  const file = join(folder, 'one.json');
  await writeFile(file, text);
  return loadWorkflows('mine', { one: { file, fps: 16 } });
};

describe('a workflow', () => {
  it('is read once, at the start, from anywhere', async () => {
    const nodes = { '1': { class_type: 'SaveImage', inputs: { text: '%prompt%' } } };
    const loaded = await load(JSON.stringify(nodes));
    expect(loaded.get('one')).toEqual({ fps: 16, nodes });
    const file = relative(process.cwd(), join(folder, 'one.json'));
    expect((await loadWorkflows('mine', { one: { file } })).get('one')).toEqual({ nodes });
  });

  it('keeps what only looks like a place outside of its inputs', async () => {
    const node = { class_type: 'SaveImage', inputs: {}, _meta: { title: '%nothing%' } };
    await expect(load(JSON.stringify({ '1': node }))).resolves.toBeDefined();
  });

  it.each([
    ['no JSON', '{"1": ', /one\.json: is not JSON/],
    ['nothing', '{}', /has no nodes/],
    ['a list', '[]', /has no nodes/],
    ['of the editor', '{"nodes": [], "links": [], "version": 0.4}', /Export \(API\)/],
    ['no nodes', '{"prompt": {"1": {}}}', /node prompt has no class_type/],
    ['a node without inputs', '{"1": {"class_type": "X"}}', /node 1 has no class_type or no inputs/],
    [
      'a place of nothing',
      '{"7": {"class_type": "X", "inputs": {"a": [{"b": "by %promt%"}]}}}',
      /^providers\.mine\.workflows\.one: .*: node 7: nothing is called %promt%; there are %prompt%/,
    ],
  ])('is refused at the start: %s', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });

  it('is missed at the start', async () => {
    await expect(loadWorkflows('mine', { one: { file: join(folder, 'none.json') } })).rejects.toThrow(
      /^providers\.mine\.workflows\.one: .*none\.json: cannot be read: ENOENT$/,
    );
  });

  it('is shown by docs/comfyui-workflow.json', async () => {
    const file = fileURLToPath(new URL('../../../../../docs/comfyui-workflow.json', import.meta.url));
    const shown = (await loadWorkflows('mine', { sdxl: { file } })).get('sdxl');
    const places = shown === undefined ? [] : [...placesIn(inputsOf(shown))];
    expect(places.toSorted()).toEqual(['count', 'height', 'negative_prompt', 'prompt', 'seed', 'width']);
  });
});

import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../testing/gateway.ts';
import { run } from '../testing.ts';
import { besideEmulator, SMALL } from './testing.ts';

const { folder, gateway, generate, keyFile, refused } = besideEmulator();

describe('who orders, and where', () => {
  it('is told by flags or the environment', async () => {
    const { id, key } = await gateway().customer({ dialect: 'native' });
    const env = { GENLOCK_URL: `${gateway().url}/v1/`, GENLOCK_API_KEY: key.key };
    expect(await run(['generate', 'a mug', ...SMALL], { cwd: folder(), env })).toMatchObject({ code: 0 });
    const { body } = await gateway().admin('GET', `/accounts/${id}`);
    expect(body).toMatchObject({ balance: { available_usd: '99.99' } });
  });

  it('has to be known', async () => {
    const env = { GENLOCK_URL: gateway().url };
    expect(await run(['generate', 'a mug'], { cwd: folder(), env })).toMatchObject({
      code: 1,
      stderr: `genlock: no API key for ${gateway().url}: give one with --key or GENLOCK_API_KEY.\n`,
    });
    expect(await run(['generate', 'a mug', '--key', 'auto'], { cwd: folder(), env })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--key auto is for a gateway that runs on \.genlock, and none does/),
    });
    expect(await refused('a mug', '--key', 'gl_live_nobody')).toMatch(
      /^genlock: unauthenticated: [\s\S]*do +use another key/,
    );
    expect(await refused('a mug', '--url', 'http://127.0.0.1:9', '--key', 'k')).toMatch(
      /^genlock: no gateway answers on http:\/\/127\.0\.0\.1:9 /,
    );
  });

  it('at a real gateway is never made up without being asked', async () => {
    const real = await startTestGateway({ emulator: false });
    try {
      const args = ['generate', 'a mug', ...SMALL, '--data', real.dataDir];
      expect(await run(args, { cwd: folder() })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/no API key for [\s\S]*genlock accounts create[\s\S]*--key auto/),
      });
      expect(await run([...args, '--key', 'auto'], { cwd: folder() })).toMatchObject({ code: 0 });
    } finally {
      await real.close(0);
    }
  });
});
it('says what to do when the account that it opened is gone', async () => {
  await writeFile(keyFile(), JSON.stringify({ account: 'acct_gone', key: 'gl_live_gone' }));
  try {
    const { code, stderr } = await generate('a mug');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/unauthenticated[\s\S]*delete cli-key\.json/),
    });
  } finally {
    await rm(keyFile());
  }
});

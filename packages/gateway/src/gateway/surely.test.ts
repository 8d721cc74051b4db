import { describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { openCore } from '../testing/open-core.ts';
import { scripted } from '../testing/scripted-provider.ts';
import { surely } from './surely.ts';

const lost = new GenlockError('storage_unavailable', undefined, { accepted: 'maybe' });
const failed = new GenlockError('storage_unavailable');

async function asked(write: () => Promise<string>, find: () => Promise<string | undefined>) {
  const core = await openCore({ providers: [scripted('paid', [])] });
  return surely(core, 'gen_1', write, find).catch((error: GenlockError) => error.code);
}

describe('a write whose answer was lost', () => {
  it('is told by what it left', async () => {
    expect(
      await asked(
        () => Promise.reject(lost),
        async () => 'done',
      ),
    ).toBe('done');
  });

  it('failed where it left nothing', async () => {
    expect(
      await asked(
        () => Promise.reject(lost),
        async () => undefined,
      ),
    ).toBe('storage_unavailable');
  });

  it('is of unknown fate where that cannot be read either', async () => {
    expect(
      await asked(
        () => Promise.reject(lost),
        () => Promise.reject(failed),
      ),
    ).toBe('outcome_unknown');
  });
});

it('asks for nothing where a write failed for certain', async () => {
  let looks = 0;
  const look = async () => {
    looks += 1;
    return 'done';
  };
  expect([await asked(() => Promise.reject(failed), look), looks]).toEqual(['storage_unavailable', 0]);
});

import { describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { scripted } from '../testing/scripted-provider.ts';
import type { PollReply, Provider, ProviderCall } from './port.ts';
import { withSuccessor } from './with-successor.ts';

const CALL = { signal: new AbortController().signal } as ProviderCall;
const refused = new GenlockError('model_misconfigured', undefined, { raw: 'key is void' });
const done: PollReply = { state: 'finished', outputs: [] };
const running: PollReply = { state: 'accepted', upstreamId: 'u', pollAfterMs: 1 };
const failed: PollReply = { state: 'failed', error: new GenlockError('upstream_failed') };

const refuses = () => Promise.reject(refused);
const says =
  <T>(told: T) =>
  async () =>
    told;
const made = (more: Partial<Provider>): Provider => scripted('up', [], {}, more);
const pair = (own: Partial<Provider>, next?: Partial<Provider>): Provider =>
  withSuccessor(made(own), () => next && made(next));

describe('a look at a job', () => {
  it('is its own as long as it can look', async () => {
    const provider = pair({ poll: says(failed) }, { poll: says(done) });
    expect(await provider.poll?.('u', CALL)).toBe(failed);
  });

  it.each([done, running])('is the successor’s where it cannot: $state', async (reply) => {
    expect(await pair({ poll: refuses }, { poll: says(reply) }).poll?.('u', CALL)).toBe(reply);
  });

  it('does not take the word of a successor that may not know the job', async () => {
    await expect(pair({ poll: refuses }, { poll: says(failed) }).poll?.('u', CALL)).rejects.toBe(refused);
    await expect(pair({ poll: refuses }, { poll: refuses }).poll?.('u', CALL)).rejects.toBe(refused);
    await expect(pair({ poll: refuses }).poll?.('u', CALL)).rejects.toBe(refused);
  });

  it('ends when it is stopped', async () => {
    const call = { ...CALL, signal: AbortSignal.abort() };
    await expect(pair({ poll: refuses }, { poll: says(done) }).poll?.('u', call)).rejects.toBe(refused);
  });
});

describe('looking for a call', () => {
  const there = { upstreamId: 'u' };

  it.each([
    ['finds it itself', says(there), says('unknown' as const), there],
    ['knows itself that it never arrived', says('never_arrived' as const), says(there), 'never_arrived'],
    ['asks the successor where it does not know', says('unknown' as const), says(there), there],
    ['asks the successor where it cannot ask', refuses, says(there), there],
    [
      'takes no word of the successor that it never arrived',
      says('unknown' as const),
      says('never_arrived' as const),
      'unknown',
    ],
  ])('%s', async (_, own, next, told) => {
    expect(await pair({ find: own }, { find: next }).find?.(CALL)).toEqual(told);
  });

  it('tells why it could not ask', async () => {
    const provider = pair({ find: refuses }, { find: says('never_arrived' as const) });
    await expect(provider.find?.(CALL)).rejects.toBe(refused);
  });
});

describe('a cancellation', () => {
  it('is asked of both', async () => {
    const asked: string[] = [];
    const cancel = (name: string) => async () => void asked.push(name);
    await pair({ cancel: cancel('own') }, { cancel: cancel('next') }).cancel?.('u');
    expect(asked.toSorted()).toEqual(['next', 'own']);
    await pair({ cancel: refuses }, { cancel: cancel('only') }).cancel?.('u');
    expect(asked).toContain('only');
  });

  it('fails where neither took it', async () => {
    await expect(pair({ cancel: refuses }, { cancel: refuses }).cancel?.('u')).rejects.toBe(refused);
    await expect(pair({ cancel: refuses }).cancel?.('u')).rejects.toBe(refused);
  });
});

it('adds nothing that the provider cannot do', () => {
  const { poll: _, ...plain } = scripted('up', []);
  const provider = withSuccessor(plain, () => undefined);
  expect([provider.poll, provider.find, provider.cancel]).toEqual([undefined, undefined, undefined]);
});

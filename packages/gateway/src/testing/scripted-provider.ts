import type { Provider, ProviderCall, ProviderCapabilities, ProviderReply } from '../providers/port.ts';

export type Step = (call: ProviderCall) => Promise<ProviderReply> | ProviderReply;

/** A provider that does what the test says, call by call, and records the calls. Its last step repeats. */
export interface ScriptedProvider extends Provider {
  readonly calls: ProviderCall[];
  readonly polls: string[];
}

export const picture: ProviderReply & { readonly state: 'finished' } = {
  state: 'finished',
  outputs: [{ bytes: new Uint8Array([1]), contentType: 'image/png' }],
};

export function scripted(
  name: string,
  steps: readonly Step[],
  capabilities: Partial<ProviderCapabilities> = {},
  more: Partial<Provider> = {},
): ScriptedProvider {
  const calls: ProviderCall[] = [];
  const polls: string[] = [];
  return {
    name,
    calls,
    polls,
    capabilities: { safeToResend: false, lookup: false, cancel: false, ...capabilities },
    submit: async (call) => {
      calls.push(call);
      const step = steps[Math.min(calls.length, steps.length) - 1];
      return step === undefined ? picture : step(call);
    },
    poll: async (upstreamId) => {
      polls.push(upstreamId);
      return picture;
    },
    ...more,
  };
}

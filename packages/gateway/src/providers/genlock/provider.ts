import { GenlockError } from '../../domain/error.ts';
import type { PollReply, Provider, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { checkInputs } from '../upstream/model-input.ts';
import type { Contract } from './contract.ts';
import { cancelJobs, findJobs, orderJobs, pollJobs } from './jobs.ts';
import { openLine } from './line.ts';
import { native } from './native/contract.ts';
import type { Settings, UpstreamDialect } from './settings.ts';

const CONTRACTS: Readonly<Record<UpstreamDialect, Contract>> = { native };

/** Another Genlock, or whoever speaks one of its contracts: what can be ordered there can be sold here. */
export function createGenlock(name: string, settings: Settings, tools: ProviderTools): Provider {
  checkInputs(name, settings);
  const contract = CONTRACTS[settings.dialect ?? 'native'];
  const line = openLine(contract, settings, tools);
  const { stream } = contract;
  return {
    name,
    capabilities: {
      safeToResend: contract.keyed,
      lookup: contract.find !== undefined,
      cancel: contract.cancel !== undefined,
    },
    submit: async (call) => replyOf(await orderJobs(line, call)),
    poll: (upstreamId, call) => pollJobs(line, upstreamId, call),
    ...(contract.find && { find: (call) => findJobs(line, call) }),
    ...(contract.cancel && { cancel: (upstreamId) => cancelJobs(line, upstreamId) }),
    ...(stream && {
      stream: (call) => {
        if (call.request.kind !== 'text') throw new GenlockError('no_route');
        return stream.call(contract, line, call, call.request);
      },
    }),
    close: () => line.close(),
  };
}

function replyOf(reply: PollReply): ProviderReply {
  if (reply.state === 'failed') throw reply.error;
  return reply;
}

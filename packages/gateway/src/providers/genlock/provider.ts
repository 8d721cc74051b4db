import { GenlockError } from '../../domain/error.ts';
import { collectText } from '../openai-compatible/collect-text.ts';
import type { Delivered, PollReply, Provider, ProviderCall, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { checkInputs } from '../upstream/model-input.ts';
import type { Contract } from './contract.ts';
import { getimg } from './contracts/getimg.ts';
import { kiara } from './contracts/kiara.ts';
import { llmtune } from './contracts/llmtune.ts';
import { native } from './contracts/native/contract.ts';
import { skillsVideo } from './contracts/skills-video.ts';
import { skytells } from './contracts/skytells.ts';
import { cancelJobs, findJobs, orderJobs, pollJobs } from './jobs.ts';
import { type Line, openLine } from './line.ts';
import { textOutput } from './outputs.ts';
import type { Settings, UpstreamDialect } from './settings.ts';

const CONTRACTS: Readonly<Record<UpstreamDialect, Contract>> = {
  native,
  kiara,
  getimg,
  'skills-video': skillsVideo,
  skytells,
  llmtune,
};

/** Another Genlock, or any server that speaks one of its contracts: what can be ordered there can be sold here. */
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
    submit: (call) => submit(contract, line, call),
    poll: (upstreamId, call) => pollJobs(contract, line, upstreamId, call),
    ...(contract.find && { find: (call) => findJobs(contract, line, call) }),
    ...(contract.cancel && { cancel: (upstreamId) => cancelJobs(contract, line, upstreamId) }),
    ...(stream && {
      stream: (call) => {
        if (call.request.kind !== 'text') throw new GenlockError('no_route');
        return stream.call(contract, line, call, call.request);
      },
    }),
    close: () => line.close(),
  };
}

async function submit(contract: Contract, line: Line, call: ProviderCall): Promise<ProviderReply> {
  const { request } = call;
  // If the contract has no text jobs, a text that nobody waits for is also streamed.
  if (request.kind === 'text' && contract.textsAreJobs !== true && contract.stream !== undefined)
    return { state: 'finished', ...(await written(contract.stream(line, call, request))) };
  const reply: PollReply = await orderJobs(contract, line, call);
  if (reply.state === 'failed') throw reply.error;
  return reply;
}

async function written(events: ReturnType<NonNullable<Contract['stream']>>): Promise<Delivered> {
  const { text, usage } = await collectText(events);
  return { outputs: [textOutput(text)], usage };
}

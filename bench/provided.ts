import type { Generation } from '../packages/gateway/src/domain/generation.ts';
import { settle } from '../packages/gateway/src/gateway/settle.ts';
import type { Provider } from '../packages/gateway/src/providers/port.ts';
import { type RunningGateway, startGateway } from '../packages/gateway/src/server/start.ts';
import { silentLog } from '../packages/gateway/src/telemetry/log.ts';
import { ADMIN_TOKEN } from './gateway.ts';
import { chatUpstream, finishedAtOnce, PIXEL } from './providers.ts';

/** A gateway in a process of its own, with a provider that costs almost no time. */
export type ProvidedQuestion =
  | {
      readonly ask: 'start';
      readonly dataDir: string;
      readonly worker: boolean;
      readonly upstream: { readonly port: number; readonly connections: number } | undefined;
    }
  /** Ends a job, and returns when the store was asked to. */
  | { readonly ask: 'end'; readonly id: string }
  | { readonly ask: 'stop' };

/** The port, the time, or nothing of interest, depending on the question. */
export type ProvidedAnswer = number;

let running: RunningGateway | undefined;

export async function answerProvided(question: ProvidedQuestion): Promise<ProvidedAnswer> {
  switch (question.ask) {
    case 'start': {
      const { dataDir, worker, upstream } = question;
      const provider: Provider =
        upstream === undefined ? finishedAtOnce(PIXEL) : chatUpstream(upstream.port, upstream.connections);
      const env = { GENLOCK_ADMIN_TOKEN: ADMIN_TOKEN };
      running = await startGateway({ dataDir, port: 0, env, worker, log: silentLog, providers: [provider] });
      return Number(new URL(running.url).port);
    }
    case 'end':
      return end(question.id);
    case 'stop':
      await running?.close(0);
      return 0;
  }
}

async function end(id: string): Promise<number> {
  const core = running?.core;
  const generation: Generation | undefined = await core?.store.generation(id);
  if (core === undefined || generation === undefined) throw new Error(`no job ${id}`);
  const at = monotonicMs();
  await settle(core, { generation, outcome: { status: 'canceled' } });
  return at;
}

/** A clock of the machine, so that two processes can compare their times. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

import type { GenerationError } from '@genlock/client';
import type { GenlockError } from '../../domain/error.ts';
import type { Micros } from '../../domain/money.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { Kind, TextRequest } from '../../domain/request.ts';
import type { Output, ProviderCall, TextEvent } from '../port.ts';
import type { UpstreamAnswer } from '../upstream/failure.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import type { ResultLink } from '../upstream/result-links.ts';
import type { Access, Line } from './line.ts';

/** One job of an upstream, whatever its contract calls it. */
export interface Job {
  readonly id: string;
  /** What a contract has said since counts as running. */
  readonly state: 'running' | 'succeeded' | 'failed';
  /** Of one that failed. */
  readonly failure?: GenlockError;
  readonly percent?: number | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Whole, or below the base URL. */
  readonly links?: readonly ResultLink[];
  /** What was made, where it stands in the answer itself. */
  readonly output?: Output;
  readonly usage?: Usage;
  readonly cost?: Micros | undefined;
}

/** What sets one wire contract apart, as an upstream. Requests are plain data; replies are read by schema. */
export interface Contract extends Access {
  /** The kinds of jobs of which it makes one, however often they are ordered under the same key. */
  readonly keyed: readonly Kind[];
  /** Texts can be ordered as jobs, too. */
  readonly textsAreJobs?: boolean;
  /** Between two looks at a job, as it advises. */
  readonly pollMs: number;
  /**
   * The orders that a call is made of, mostly one.
   *
   * @throws GenlockError `model_misconfigured` for work that it does not do; what `fetchSource` throws
   */
  orders(line: Line, call: ProviderCall): Promise<readonly UpstreamRequest[]>;
  /** How it is looked at; undefined where the order itself was answered with the end. */
  look(id: string, call: ProviderCall): UpstreamRequest | undefined;
  /** Reads a job: of an order, or of a look. @throws GenlockError `upstream_invalid_result` */
  read(answer: UpstreamAnswer, of: 'order' | 'look', line: Line, call: ProviderCall): Job;
  /** Whether an error that a look was answered with is the end of the job itself. */
  isEnd?(error: GenerationError): boolean;
  cancel?(id: string): UpstreamRequest;
  /** The id of what was ordered under a key; undefined: nothing. */
  find?(line: Line, key: string, signal: AbortSignal): Promise<string | undefined>;
  /** Text, piece by piece. */
  stream?(line: Line, call: ProviderCall, request: TextRequest): AsyncGenerator<TextEvent, void, undefined>;
}

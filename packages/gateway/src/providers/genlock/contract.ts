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

/** A job at an upstream, whatever its contract calls it. */
export interface Job {
  readonly id: string;
  /** States that a contract added later count as running. */
  readonly state: 'running' | 'succeeded' | 'failed';
  /** The error of a failed job. */
  readonly failure?: GenlockError;
  readonly percent?: number | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Absolute, or relative to the base URL. */
  readonly links?: readonly ResultLink[];
  /** The result, if the answer itself contains it. */
  readonly output?: Output;
  readonly usage?: Usage;
  readonly cost?: Micros | undefined;
}

/** What is specific to one wire contract when it is used as an upstream. Requests are plain data; replies are read by schema. */
export interface Contract extends Access {
  /** The kinds of work for which a key is honoured: orders under the same key make one job. */
  readonly keyed: readonly Kind[];
  /** Text can also be ordered as a job. */
  readonly textsAreJobs?: boolean;
  /** The time between two polls that the contract advises. */
  readonly pollMs: number;
  /**
   * The orders of a call; mostly one.
   *
   * @throws GenlockError `model_misconfigured` for work that the contract does not have; errors of `fetchSource`
   */
  orders(line: Line, call: ProviderCall): Promise<readonly UpstreamRequest[]>;
  /** The request that polls a job; undefined if the order itself was answered with the end. */
  look(id: string, call: ProviderCall): UpstreamRequest | undefined;
  /** Reads a job from the answer to an order or a poll. @throws GenlockError `upstream_invalid_result` */
  read(answer: UpstreamAnswer, of: 'order' | 'look', line: Line, call: ProviderCall): Job;
  /** Whether an error answer to a poll is the failure of the job itself. */
  isEnd?(error: GenerationError): boolean;
  cancel?(id: string): UpstreamRequest;
  /** The id of what was ordered under a key; undefined: nothing was. */
  find?(line: Line, key: string, signal: AbortSignal): Promise<string | undefined>;
  /** Streams text. */
  stream?(line: Line, call: ProviderCall, request: TextRequest): AsyncGenerator<TextEvent, void, undefined>;
}

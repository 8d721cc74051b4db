import type { CanonicalCode } from '@genlock/contracts';
import type { GenlockError } from '../domain/error.ts';
import type { Mode, Progress } from '../domain/generation.ts';
import type { Micros } from '../domain/money.ts';
import type { Usage } from '../domain/pricing.ts';
import type { GenerationRequest, Kind, ToolCall } from '../domain/request.ts';

/** What a provider can do. This decides how lost calls are handled (docs/adding-a-provider.md). */
export interface ProviderCapabilities {
  /**
   * Whether a call of unknown fate can be sent again at no cost, because the provider is free and deterministic or honours
   * `idempotencyKey`. A list: only for these kinds of work.
   */
  readonly safeToResend: boolean | readonly Kind[];
  /** It can tell, by `idempotencyKey`, whether it accepted a call. */
  readonly lookup: boolean;
  readonly cancel: boolean;
  /**
   * Its calls cost nobody anything. Only such providers get test-mode work, and after a call of unknown fate to one of them, another
   * provider may be asked.
   */
  readonly free?: boolean;
}

export interface ProviderCall {
  /**
   * The key of this order. A call that is sent again because its fate is unknown has the same key: the generation's id. Once the job of
   * that key is known to have failed, and on another route, there is a new key, with the number of the attempt.
   */
  readonly idempotencyKey: string;
  /** From 1, counted over all attempts of the generation. */
  readonly attempt: number;
  /** The provider's own name for the model. */
  readonly model: string;
  readonly mode: Mode;
  readonly request: GenerationRequest;
  /** Fetches a source of the request under the outbound rules and with a size limit. Throws GenlockError `media_unreadable`. */
  readonly fetchSource: (url: string) => Promise<Uint8Array>;
  /** Reads a file that an earlier generation made for this model, e.g. its trained weights. */
  readonly readArtifact: (name: string) => Promise<Uint8Array>;
  /** Reports progress; cheap to call often. */
  readonly tell: (progress: Progress) => void;
  /**
   * Gives up the worker's place during a long wait that needs nothing of the gateway, such as a delay, so that other work can run. Not for
   * waiting for an answer, whose bytes arrive during the wait. Also rejects with the reason of `signal`. Absent: there is no place to give
   * up.
   */
  readonly rest?: <T>(wait: () => Promise<T>) => Promise<T>;
  /**
   * Aborted at the deadline, on cancel, when the lease is lost, and when the process ends. A provider that has bought part of the work by
   * then resolves with that part, which is delivered if anybody can still use it.
   */
  readonly signal: AbortSignal;
  /** From then on nobody can use the result. Milliseconds since 1970. */
  readonly deadlineAt?: number;
  /** Valid W3C trace context of this attempt, to be sent with the call; undefined without tracing. */
  readonly traceparent?: string;
}

/** A submission that is about to be admitted. */
export interface Preflight {
  readonly model: string;
  readonly mode: Mode;
  readonly request: GenerationRequest;
  /** Objections that the caller's contract has an error for at submission. Other objections have to wait for the job. */
  readonly tellable: readonly CanonicalCode[];
}

/** One file that a provider made. */
export interface Output {
  readonly bytes: Uint8Array;
  /** Only a hint: the type is decided by decoding the file. */
  readonly contentType: string;
}

/** The finished work. `usage` is what cannot be measured on the files, e.g. tokens. */
export interface Delivered {
  readonly outputs: readonly Output[];
  readonly usage?: Usage;
  /** The upstream's charge to the operator, if it states it. */
  readonly cost?: Micros;
  /** How many other paid calls of this work were lost, so that nobody knows what became of them. */
  readonly lostCalls?: number;
  /** Why some files could not be fetched although others could. They were made and may have to be paid. */
  readonly lostFiles?: readonly GenlockError[];
}

export type ProviderReply =
  | ({ readonly state: 'finished' } & Delivered)
  /** Accepted. Poll with the id, not before `pollAfterMs`. `lostCalls` as in {@link Delivered}. */
  | {
      readonly state: 'accepted';
      readonly upstreamId: string;
      readonly pollAfterMs: number;
      readonly lostCalls?: number;
    };

export type PollReply =
  | ProviderReply
  /** The job ended without a result. `detail.accepted` is `yes` if the upstream charges for it all the same. */
  | { readonly state: 'failed'; readonly error: GenlockError };

/** An event of a text call. Token counts are running totals, so that a call that breaks off can be billed. */
export type TextEvent =
  | { readonly type: 'start'; readonly inputTokens: number }
  | { readonly type: 'delta'; readonly text: string; readonly outputTokens: number }
  | { readonly type: 'tool_calls'; readonly calls: readonly ToolCall[]; readonly outputTokens: number }
  | {
      readonly type: 'end';
      readonly finishReason: 'stop' | 'length' | 'tool_calls';
      readonly inputTokens: number;
      readonly outputTokens: number;
      /** As in {@link Delivered}. For the operator; callers do not see it. */
      readonly cost?: Micros;
    };

/**
 * One upstream. Every method throws GenlockError with an `upstream_*` code (or `content_rejected`, `media_unreadable`, …). If the call may
 * have been accepted although no answer came, it has `detail.accepted: 'maybe'`.
 */
export interface Provider {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** Its failures are rehearsed and say nothing about its health. */
  readonly rehearsal?: boolean;
  /**
   * Whether it would accept this call, asked at submission before anything is written. Undefined, or a promise that resolves: no objection.
   * A promise that rejects: the error to report.
   */
  preflight?(call: Preflight): Promise<void> | undefined;
  submit(call: ProviderCall): Promise<ProviderReply>;
  /** Counts the tokens of a text; without this method the gateway assumes many. */
  countTokens?(text: string): number;
  /** Streams text while the caller waits. Throws like `submit`, also in the middle. */
  stream?(call: ProviderCall): AsyncIterable<TextEvent>;
  /**
   * The state of a job. Unknown states of the upstream mean "still running". If it throws, the upstream could not be asked: it is polled
   * again until the deadline, and nothing is ordered again because of that.
   */
  poll?(upstreamId: string, call: ProviderCall): Promise<PollReply>;
  /** Asks whether an earlier call under this key was accepted. */
  find?(call: ProviderCall): Promise<{ readonly upstreamId: string } | 'unknown' | 'never_arrived'>;
  cancel?(upstreamId: string): Promise<void>;
  close?(): Promise<void>;
}

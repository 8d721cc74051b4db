import type { CanonicalCode } from '@genlock/contracts';
import type { GenlockError } from '../domain/error.ts';
import type { Mode, Progress } from '../domain/generation.ts';
import type { Micros } from '../domain/money.ts';
import type { Usage } from '../domain/pricing.ts';
import type { GenerationRequest, Kind, ToolCall } from '../domain/request.ts';

/** What a provider can do, which decides how lost calls are handled (docs/adding-a-provider.md). */
export interface ProviderCapabilities {
  /**
   * Resending a call whose fate is unknown costs nothing: free and deterministic, or it honours `idempotencyKey`. A list: for these
   * kinds of work only.
   */
  readonly safeToResend: boolean | readonly Kind[];
  /** It can be asked by `idempotencyKey` whether it took a call on. */
  readonly lookup: boolean;
  readonly cancel: boolean;
  /**
   * Calls cost nobody anything: the only providers that test-mode work goes to, and after a call to one whose fate is unknown another
   * may be asked.
   */
  readonly free?: boolean;
}

export interface ProviderCall {
  /**
   * The same for a call that is sent again because nobody knows what became of it: the generation's id. A new one, with the attempt's
   * number, once the job that it made is known to have ended badly, and at another route.
   */
  readonly idempotencyKey: string;
  /** From 1, over all attempts of the generation. */
  readonly attempt: number;
  /** The provider's own name of the model. */
  readonly model: string;
  readonly mode: Mode;
  readonly request: GenerationRequest;
  /** Fetches a source of the request under the outbound rules, bounded; throws GenlockError `media_unreadable`. */
  readonly fetchSource: (url: string) => Promise<Uint8Array>;
  /** A file that an earlier generation made for this model, e.g. its trained weights. */
  readonly readArtifact: (name: string) => Promise<Uint8Array>;
  /** Tells how far it is; cheap to call often. */
  readonly tell: (progress: Progress) => void;
  /**
   * Waits for what takes long and costs the gateway nothing, such as a delay: others work meanwhile. Not for an answer to a call, whose
   * bytes arrive during the wait. Rejects with the reason of `signal` too. Absent: the caller waits, or nobody.
   */
  readonly rest?: <T>(wait: () => Promise<T>) => Promise<T>;
  /**
   * Aborted at the deadline, on cancel, when the lease is lost and when the process ends. Who has bought a part by then resolves with it:
   * it is delivered where anybody can still use it.
   */
  readonly signal: AbortSignal;
  /** When nobody can use the work any more, in milliseconds since 1970. */
  readonly deadlineAt?: number;
  /** W3C trace context of this attempt, valid, to be sent along; undefined when nobody traces it. */
  readonly traceparent?: string;
}

/** A submission that is about to be admitted. */
export interface Preflight {
  readonly model: string;
  readonly mode: Mode;
  readonly request: GenerationRequest;
  /** The objections that the caller's contract can tell at submission; others have to wait for the job. */
  readonly tellable: readonly CanonicalCode[];
}

/** One file that a provider made. */
export interface Output {
  readonly bytes: Uint8Array;
  /** A hint; what counts is what probing finds. */
  readonly contentType: string;
}

/** The finished work. `usage` is what cannot be measured on the files, e.g. tokens. */
export interface Delivered {
  readonly outputs: readonly Output[];
  readonly usage?: Usage;
  /** What the upstream says that it charged the operator, where it says so. */
  readonly cost?: Micros;
  /** Paid calls of this work, beside those that brought it, of which nobody knows what became: their answers were lost. */
  readonly lostCalls?: number;
  /** Why each of the other files could not be had, where some could: they were made, and may have to be paid. */
  readonly lostFiles?: readonly GenlockError[];
}

export type ProviderReply =
  | ({ readonly state: 'finished' } & Delivered)
  /** Taken on; ask again with the id, not before `pollAfterMs`. `lostCalls` as of what is delivered. */
  | {
      readonly state: 'accepted';
      readonly upstreamId: string;
      readonly pollAfterMs: number;
      readonly lostCalls?: number;
    };

export type PollReply =
  | ProviderReply
  /** The job ended without a result. `detail.accepted: 'yes'` where the upstream charges for it all the same. */
  | { readonly state: 'failed'; readonly error: GenlockError };

/** What a text call brings, piece by piece. Token counts are running totals, so that a call that breaks off can be billed. */
export type TextEvent =
  | { readonly type: 'start'; readonly inputTokens: number }
  | { readonly type: 'delta'; readonly text: string; readonly outputTokens: number }
  | { readonly type: 'tool_calls'; readonly calls: readonly ToolCall[]; readonly outputTokens: number }
  | {
      readonly type: 'end';
      readonly finishReason: 'stop' | 'length' | 'tool_calls';
      readonly inputTokens: number;
      readonly outputTokens: number;
      /** As of what is delivered. For the operator: callers are not told. */
      readonly cost?: Micros;
    };

/**
 * One upstream. Every method throws GenlockError with an `upstream_*` code (or `content_rejected`, `media_unreadable`, …)
 * and, where the call may have been taken on although no answer came, `detail.accepted: 'maybe'`.
 */
export interface Provider {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** Its failures are made on purpose, and tell nothing of its health. */
  readonly rehearsal?: boolean;
  /**
   * Whether it would take this call now, asked at submission before anything is written. Undefined, or a promise that
   * resolves: no objection; one that rejects: the error to tell. */
  preflight?(call: Preflight): Promise<void> | undefined;
  submit(call: ProviderCall): Promise<ProviderReply>;
  /** How many tokens a text has for it; without this the gateway assumes many. */
  countTokens?(text: string): number;
  /** Text while the caller waits. Throws as `submit` does, also in the middle. */
  stream?(call: ProviderCall): AsyncIterable<TextEvent>;
  /**
   * How the job is. Unknown states of the upstream mean "still running". Whatever it throws means that it could not ask: it is
   * asked again until the deadline, and nothing is ever ordered anew for that.
   */
  poll?(upstreamId: string, call: ProviderCall): Promise<PollReply>;
  /** Asks whether an earlier call under this key was taken on. */
  find?(call: ProviderCall): Promise<{ readonly upstreamId: string } | 'unknown' | 'never_arrived'>;
  cancel?(upstreamId: string): Promise<void>;
  close?(): Promise<void>;
}

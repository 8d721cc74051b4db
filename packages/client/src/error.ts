import {
  type Blame,
  type CanonicalCode,
  canonicalErrors,
  type GetimgErrorCode,
  type KiaraErrorCode,
  type LlmtuneErrorCode,
  type Retry,
  type SkillsVideoErrorCode,
  type SkytellsErrorCode,
} from '@genlock/contracts';
import { type Advice, adviceFor } from './advice.ts';

/** The codes that each dialect is known to send. */
export interface KnownWireCodes {
  kiara: KiaraErrorCode;
  getimg: GetimgErrorCode;
  skytells: SkytellsErrorCode;
  llmtune: LlmtuneErrorCode;
  'skills-video': SkillsVideoErrorCode;
  native: CanonicalCode;
}
export type DialectName = keyof KnownWireCodes;

/** A known code, or one that the service has added since. */
export type WireCode<D extends DialectName> = KnownWireCodes[D] | (string & {});

export interface ErrorFacts<D extends DialectName> {
  readonly code: CanonicalCode;
  readonly dialect: D;
  readonly message: string;
  /** Given if the dialect is stricter or less strict than the canonical code. */
  readonly retry?: Retry | undefined;
  readonly wireCode?: string | null | undefined;
  readonly status?: number | null | undefined;
  readonly retryAfterMs?: number | null | undefined;
  readonly param?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly generationId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  readonly raw?: unknown;
  readonly mayHaveBeenCharged?: boolean;
  readonly cause?: unknown;
}

/** Shared by all copies of the package in a program. */
const BRAND: unique symbol = Symbol.for('genlock.GenerationError');

/** Any failure of a paid generation, in one vocabulary for all services. Branch on `code` or on `advice`. */
export class GenerationError<D extends DialectName = DialectName> extends Error {
  override readonly name = 'GenerationError';
  readonly [BRAND] = true;
  readonly code: CanonicalCode;
  readonly dialect: D;
  /** The code as the service wrote it; null if there is none that can be read. */
  readonly wireCode: WireCode<D> | null;
  /** null if there was no answer. For a failed job, the status of the answer that reported it, or null. */
  readonly status: number | null;
  readonly blame: Blame;
  readonly retry: Retry;
  /** How long the service asks to wait; null if it does not say. */
  readonly retryAfterMs: number | null;
  readonly advice: Advice;
  readonly param: string | null;
  readonly requestId: string | null;
  readonly generationId: string | null;
  /** The key that the call was sent with: the same call with this key is paid at most once, now or later. */
  readonly idempotencyKey: string | null;
  /** The body as it came: parsed if it is JSON, else its text. For logs, not for branching. */
  readonly raw: unknown;
  /** false only if the answer, by the dialect's contract, rules out that this call was charged. */
  readonly mayHaveBeenCharged: boolean;

  constructor(facts: ErrorFacts<D>) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    const { blame, retry } = canonicalErrors[facts.code];
    this.code = facts.code;
    this.dialect = facts.dialect;
    this.wireCode = facts.wireCode ?? null;
    this.status = facts.status ?? null;
    this.blame = blame;
    this.retry = facts.retry ?? retry;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.advice = adviceFor(this.code, this.retry);
    this.param = facts.param ?? null;
    this.requestId = facts.requestId ?? null;
    this.generationId = facts.generationId ?? null;
    this.idempotencyKey = facts.idempotencyKey ?? null;
    this.raw = facts.raw;
    this.mayHaveBeenCharged = facts.mayHaveBeenCharged ?? false;
  }

  /** Unlike `instanceof`, true for errors from any copy of this package. */
  static isInstance(value: unknown): value is AnyGenerationError {
    return typeof value === 'object' && value !== null && BRAND in value && value[BRAND] === true;
  }
}

/** The same error with facts that the calling code knows better. */
export function amended<D extends DialectName>(
  error: GenerationError<D>,
  facts: Partial<ErrorFacts<D>>,
): GenerationError<D> {
  const { message, cause } = error;
  return new GenerationError<D>({ ...error, message, cause, ...facts });
}

/** Narrows by `dialect`: with it, `wireCode` offers the codes of that dialect. */
export type AnyGenerationError = { readonly [D in DialectName]: GenerationError<D> }[DialectName];

import { canonicalErrors } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import { type ImageRequest, type TextRequest, textsOf, type VideoRequest } from '../../domain/generation.ts';
import type { Delivered, Output, Preflight, Provider, ProviderCall, TextEvent } from '../port.ts';
import { type Directives, readDirectives, withoutDirectives } from './directives.ts';
import type { MediaJob, MediaResult } from './media/jobs.ts';
import { baseModel, countTokens, embed, generateText } from './text/index.ts';

export interface SandboxParts {
  readonly media: { run(job: MediaJob, signal?: AbortSignal): Promise<MediaResult>; close(): Promise<void> };
  /** Measures a source image. */
  readonly sizeOf: (bytes: Uint8Array) => Promise<{ readonly width: number; readonly height: number }>;
}

/** A source larger than this is not returned in its own size. */
const MAX_SIDE = 4096;
/** Just above what the gateway takes as an image or a clip; zeros, so that they cost no memory until touched. */
const OVERSIZE_BYTES = 512 * 1024 * 1024 + 1;
const RATE_LIMIT_RETRY_MS = 1_000;
const DELTAS_BEFORE_DROP = 3;

/**
 * The free provider inside: real files of the size, length and format that were asked for, the same bytes for the same
 * model, input and seed; and every failure on demand. Resending to it costs nothing.
 */
export function createSandbox({ media, sizeOf }: SandboxParts): Provider {
  return {
    name: 'sandbox',
    capabilities: { safeToResend: true, lookup: false, cancel: false },

    preflight({ request }: Preflight) {
      if (request.steering === undefined && !textsOf(request).some((text) => text.includes('[[')))
        return undefined;
      return object(readDirectives(textsOf(request), request.steering));
    },

    countTokens,

    async submit(call) {
      const { request, signal } = call;
      const directives = readDirectives(textsOf(request), request.steering);
      await pause(directives.delayMs, signal);
      if (directives.at === 'run' && call.attempt <= directives.times) {
        const spoilt = spoil(directives);
        if (spoilt !== undefined) return { state: 'finished', ...spoilt };
      }
      return { state: 'finished', ...(await make(call, directives)) };
    },

    async *stream(call) {
      const { request, signal } = call;
      if (request.kind !== 'text') throw new GenlockError('model_unsupported');
      const directives = readDirectives(textsOf(request), request.steering);
      await pause(directives.delayMs, signal);
      const spoilt = directives.at === 'run' && call.attempt <= directives.times;
      if (spoilt && directives.drop === undefined && spoil(directives) !== undefined) {
        throw new GenlockError('upstream_invalid_result', undefined, {
          raw: 'asked for by a sandbox directive',
        });
      }
      let told = 0;
      for (const event of write(call, request)) {
        signal.throwIfAborted();
        // A connection that dies does so in the middle.
        if (spoilt && directives.drop !== undefined && told >= DELTAS_BEFORE_DROP) spoil(directives);
        if (event.type === 'delta') told += 1;
        yield event;
      }
    },

    close: () => media.close(),
  };

  async function make(call: ProviderCall, directives: Directives): Promise<Delivered> {
    const { request, signal } = call;
    switch (request.kind) {
      case 'image':
        return { outputs: await makeImages(request, call) };
      case 'video': {
        const job: MediaJob = {
          kind: 'video',
          prompt: withoutDirectives(request.prompt),
          seed: request.seed,
          width: request.width,
          height: request.height,
          durationSeconds: directives.clipSeconds ?? request.seconds,
          sound: request.sound,
          ...(request.fps !== undefined && { fps: request.fps }),
          ...(await startImage(request, call)),
        };
        return { outputs: [await media.run(job, signal).catch(sourceFault)] };
      }
      case 'speech': {
        const { text, format, voice, language } = request;
        const job: MediaJob = {
          kind: 'speech',
          text: withoutDirectives(text),
          format,
          ...(voice !== undefined && { voice }),
          ...(language !== undefined && { language }),
        };
        return { outputs: [await media.run(job, signal)] };
      }
      case 'text':
        return collectText(write(call, request));
      case 'batch':
      case 'training':
        throw new GenlockError('model_unsupported');
    }
  }

  async function makeImages(request: ImageRequest, call: ProviderCall): Promise<Output[]> {
    const sources = await Promise.all((request.sources ?? []).map(({ url }) => call.fetchSource(url)));
    const size = await sizeFor(request, sources[0]);
    const jobs = Array.from(
      { length: request.count },
      (_, index): MediaJob => ({
        kind: 'image',
        prompt: withoutDirectives(request.prompt),
        seed: request.seed + index,
        ...size,
        format: request.format,
        sources,
      }),
    );
    return Promise.all(
      jobs.map((job) => media.run(job, call.signal).catch((thrown) => blameSource(thrown, sources))),
    );
  }

  /** Says which source it was that could not be decoded. */
  async function blameSource(thrown: unknown, sources: readonly Uint8Array[]): Promise<never> {
    for (const [source, bytes] of isSourceFault(thrown) ? sources.entries() : []) {
      await sizeOf(bytes).catch((broken) => {
        throw undecodable(broken, source);
      });
    }
    return sourceFault(thrown);
  }

  async function sizeFor(
    { width, height }: ImageRequest,
    source: Uint8Array | undefined,
  ): Promise<{ width: number; height: number }> {
    if (width !== undefined && height !== undefined) return { width, height };
    if (source === undefined) return { width: 1024, height: 1024 };
    const size = await sizeOf(source).catch(sourceFault);
    const scale = Math.min(1, MAX_SIDE / Math.max(size.width, size.height));
    return {
      width: Math.max(1, Math.round(size.width * scale)),
      height: Math.max(1, Math.round(size.height * scale)),
    };
  }
}

/** The picture that the clip starts from. A last frame is not drawn, but one that cannot be fetched is found out. */
async function startImage(request: VideoRequest, call: ProviderCall): Promise<{ startImage?: Uint8Array }> {
  const last = request.sources?.find(({ role }) => role === 'last_frame');
  if (last !== undefined) await call.fetchSource(last.url);
  const first = request.sources?.find(
    ({ role }) => role === 'first_frame' || role === 'source' || role === 'reference',
  );
  return first === undefined ? {} : { startImage: await call.fetchSource(first.url) };
}

function* write(_call: ProviderCall, request: TextRequest): Generator<TextEvent> {
  if (request.embed !== undefined) return yield* vectors(request, request.embed);
  const { messages, seed, ...sampling } = request;
  const prompt = messages.map(({ content }) => withoutDirectives(content)).join('\n');
  const pieces = generateText(baseModel(), { ...sampling, prompt, seed });
  yield { type: 'start', inputTokens: countTokens(prompt) };
  let outputTokens = 0;
  for (;;) {
    const next = pieces.next();
    if (next.done === true) {
      const { promptTokens, completionTokens, finishReason } = next.value;
      yield { type: 'end', finishReason, inputTokens: promptTokens, outputTokens: completionTokens };
      return;
    }
    outputTokens += 1;
    yield { type: 'delta', text: next.value, outputTokens };
  }
}

function* vectors(
  { messages }: TextRequest,
  { dimensions }: NonNullable<TextRequest['embed']>,
): Generator<TextEvent> {
  const texts = messages.map(({ content }) => withoutDirectives(content));
  const inputTokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const outputTokens = texts.length;
  yield { type: 'start', inputTokens };
  const text = JSON.stringify(texts.map((one) => embed(one, dimensions)));
  yield { type: 'delta', text, outputTokens };
  yield { type: 'end', finishReason: 'stop', inputTokens, outputTokens };
}

/** The same text for a caller who does not wait for it piece by piece. */
function collectText(events: Iterable<TextEvent>): Delivered {
  let text = '';
  let usage: Delivered['usage'];
  for (const event of events) {
    if (event.type === 'delta') text += event.text;
    if (event.type === 'end') usage = { inputTokens: event.inputTokens, outputTokens: event.outputTokens };
  }
  const output = { bytes: new TextEncoder().encode(text), contentType: 'text/plain; charset=utf-8' };
  return { outputs: [output], ...(usage && { usage }) };
}

/** What `at=admit` tells at submission. */
function object(directives: Directives): Promise<void> | undefined {
  if (directives.at !== 'admit') return undefined;
  const error =
    directives.error !== undefined
      ? steered(directives.error)
      : directives.result !== undefined
        ? new GenlockError('upstream_invalid_result', undefined, { reason: directives.result })
        : undefined;
  if (error === undefined) return undefined;
  return pause(directives.delayMs).then(() => Promise.reject(error));
}

function spoil({ error, drop, result }: Directives): Delivered | undefined {
  if (error !== undefined) throw steered(error);
  if (drop !== undefined) {
    throw new GenlockError('upstream_failed', undefined, {
      accepted: 'maybe',
      raw: 'the connection died after the call was accepted',
    });
  }
  switch (result) {
    case undefined:
      return undefined;
    case 'empty':
      return { outputs: [] };
    case 'garbage':
      return {
        outputs: [
          { bytes: new TextEncoder().encode('{"this is": "no media"'), contentType: 'application/json' },
        ],
      };
    case 'oversize':
      return { outputs: [{ bytes: Buffer.alloc(OVERSIZE_BYTES), contentType: 'application/octet-stream' }] };
  }
}

function steered(code: NonNullable<Directives['error']>): GenlockError {
  const waits = canonicalErrors[code].retry === 'after_delay';
  return new GenlockError(code, undefined, {
    raw: 'asked for by a sandbox directive',
    ...(waits && { retryAfterMs: RATE_LIMIT_RETRY_MS }),
  });
}

/** A source that does not decode is the caller's to mend; anything else is a failure of the provider. */
function sourceFault(thrown: unknown): never {
  throw isSourceFault(thrown) ? undecodable(thrown) : thrown;
}

function isSourceFault(thrown: unknown): boolean {
  const name = thrown instanceof Error ? thrown.name : '';
  return name === 'SourceMediaError' || name === 'UnreadableMediaError';
}

function undecodable(cause: unknown, source?: number): GenlockError {
  const named = source !== undefined && { source };
  return new GenlockError('invalid_media', 'A source image could not be decoded.', {
    cause,
    raw: String(cause),
    ...named,
  });
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms === 0) return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = (): void => reject(signal?.reason);
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  });
}

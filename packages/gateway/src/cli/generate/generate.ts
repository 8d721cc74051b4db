import { randomUUID } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { type Client, createClient, GenerationError, type Model } from '@genlock/client';
import { parseUsd } from '../../domain/money.ts';
import { CommandFailure } from '../failure.ts';
import { unreachable } from '../gateway-client.ts';
import { type Interrupt, listenForInterrupt } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { type Access, findAccess } from './access.ts';
import { failureText, type OrderOnce } from './failure.ts';
import type { GenerateFlags } from './flags.ts';
import { buildInput, membersOf } from './input.ts';
import { makeMedia } from './media.ts';
import { type OutputPlan, planOutput } from './output-plan.ts';
import { costLine, printResult, savedLines } from './report.ts';
import { readImages, uploadImages } from './source-images.ts';
import { streamToStdout, writeText } from './text.ts';

const say = (line: string): void => void process.stderr.write(`genlock: ${line}\n`);

/** `genlock generate`. Resolves to the exit code unless it throws. @throws CommandFailure */
export async function generate(argument: string, flags: GenerateFlags): Promise<number> {
  using interrupt = listenForInterrupt();
  const access = await findAccess(flags, say);
  const state: { once?: OrderOnce } = {};
  try {
    await order(argument, flags, access, interrupt, state);
    return 0;
  } catch (error) {
    const code = interrupt.exitCode();
    if (code !== undefined) {
      say(interruptedText(error, access, state.once));
      return code;
    }
    if (flags.json && error instanceof CommandFailure)
      printJson({ error: { code: null, message: error.message, ...onceJson(state.once) } });
    if (!GenerationError.isInstance(error)) throw error;
    if (flags.json) printJson({ error: errorJson(error, state.once) });
    throw new CommandFailure(
      error.status === null && error.code === 'upstream_unavailable' && state.once === undefined
        ? unreachable(access.url, error.cause ?? error)
        : failureText(error, access, state.once),
    );
  }
}

function interruptedText(error: unknown, access: Access, once: OrderOnce | undefined): string {
  if (error instanceof CommandFailure) return error.message;
  // The error concerns the order itself: it failed, or it is unknown what became of it.
  if (GenerationError.isInstance(error) && once !== undefined) return failureText(error, access, once);
  return 'interrupted before anything was ordered';
}

async function order(
  argument: string,
  flags: GenerateFlags,
  { url, apiKey }: Access,
  interrupt: Interrupt,
  state: { once?: OrderOnce },
): Promise<void> {
  const { signal } = interrupt;
  const prompt = (argument === '-' ? await readAll(process.stdin) : argument).trim();
  if (prompt === '') throw new CommandFailure('the prompt is empty');
  const options = { baseUrl: `${url}/v1`, apiKey };
  // A single attempt: if the gateway is not running, waiting for it is pointless.
  const model = await modelOf(createClient({ ...options, attempts: 1 }), flags.model, signal);
  const client = createClient({
    ...options,
    onRetry: ({ delayMs, reason }) =>
      say(
        `${GenerationError.isInstance(reason) ? reason.code : 'no answer'}, again in ${(delayMs / 1000).toFixed(1)} s`,
      ),
  });

  const files = await readImages(flags.image);
  const drafted = buildInput(model, prompt, flags, flags.image);
  const plan = planFor(model, prompt, drafted, flags);
  const images = await uploadImages(client, files, signal);
  const input = {
    ...buildInput(model, prompt, flags, images),
    ...(plan?.format !== undefined && { format: plan.format }),
  };
  const body = { model: model.id, input };
  const quote = await client.quote(body, { signal });
  const idempotencyKey = flags.idempotencyKey ?? `cli-${randomUUID()}`;
  checkPrice(quote.usd, flags.maxUsd);
  say(`${model.id}: at most $${quote.usd}, idempotency key ${idempotencyKey}`);
  const once = { idempotencyKey, images };
  state.once = once;
  const job = { client, order: body, once, timeoutMs: flags.timeout * 1000 };

  if (plan === undefined && !flags.json) {
    say(costLine(await streamToStdout(job, interrupt)));
    return;
  }
  if (model.kind === 'text') {
    const path = plan?.paths(1)?.[0];
    const { generation, text } = await writeText(job, path, flags.force, interrupt);
    if (flags.json) return printResult(generation, [], text, once);
    print(path === undefined ? text : path);
    say(costLine(generation));
    return;
  }
  if (plan === undefined) throw new Error('only text can do without a place');
  const { generation, saved } = await makeMedia(
    { ...job, plan, force: flags.force },
    model.kind,
    interrupt,
    process.stderr,
  );
  if (flags.json) return printResult(generation, saved, null, once);
  if (saved.some(({ path }) => path !== null)) print(savedLines(saved));
  say(costLine(generation));
}

async function modelOf(client: Client, id: string, signal: AbortSignal): Promise<Model> {
  try {
    return await client.models.get(id, { signal });
  } catch (error) {
    if (!GenerationError.isInstance(error) || error.status !== 404) throw error;
    const { data } = await client.models.list({ signal });
    const known = data.map((model) => `\n  ${model.id} (${model.kind})`).join('');
    throw new CommandFailure(`there is no model "${id}". There are:${known}`);
  }
}

/** Undefined for text that goes to stdout. */
function planFor(
  model: Model,
  prompt: string,
  input: Readonly<Record<string, unknown>>,
  { out, force, json }: GenerateFlags,
): OutputPlan | undefined {
  const { kind } = model;
  if (kind === 'text' && (out === undefined || out === '-')) return undefined;
  if (json && out === '-') throw new CommandFailure('stdout is for the JSON: name a file with --out');
  const formats = membersOf(model)?.format?.enum ?? [];
  return planOutput({
    out,
    force,
    prompt,
    kind,
    format: typeof input.format === 'string' ? input.format : undefined,
    formats: formats.filter((one) => typeof one === 'string'),
    count: typeof input.count === 'number' && input.count > 0 ? Math.floor(input.count) : 1,
  });
}

/** @throws CommandFailure if it costs more than allowed */
function checkPrice(usd: string, maxUsd: string | undefined): void {
  if (maxUsd !== undefined && (parseUsd(usd) ?? 0) > (parseUsd(maxUsd) ?? 0))
    throw new CommandFailure(`this costs up to $${usd}, more than --max-usd ${maxUsd}. Nothing was ordered`);
}

function errorJson(error: GenerationError, once: OrderOnce | undefined): object {
  const { code, advice, retry, retryAfterMs, blame, param, status, message } = error;
  return {
    code,
    message,
    advice,
    retry,
    retry_after_ms: retryAfterMs,
    blame,
    param,
    status,
    request_id: error.requestId,
    generation_id: error.generationId,
    may_have_been_charged: error.mayHaveBeenCharged,
    ...onceJson(once),
  };
}

function onceJson(once: OrderOnce | undefined): object {
  return once === undefined ? {} : { idempotency_key: once.idempotencyKey, images: once.images };
}

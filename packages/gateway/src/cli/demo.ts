import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { probe } from '../assets/probe.ts';
import { closeBooks } from './demo/books.ts';
import { reportBooks, reportFiles, type SavedFile } from './demo/report.ts';
import { type Scene, SceneError } from './demo/scene.ts';
import { scenes as allScenes } from './demo/scenes.ts';
import { openStudio, type Studio } from './demo/studio.ts';
import { listenForInterrupt } from './interrupt.ts';
import { type Screen, type Stage, showProgress } from './progress.ts';

export interface DemoOptions {
  /** The folder for the files. Created if absent; files of the same names are replaced. */
  readonly out?: string;
  readonly scenes?: readonly Scene[];
  /** Takes the list of what was made. */
  readonly stdout?: NodeJS.WritableStream;
  /** Takes progress and errors. */
  readonly stderr?: Screen;
  readonly signal?: AbortSignal;
  /** Where the gateway keeps its data while it runs; by default the system's temporary folder. */
  readonly scratch?: string;
}

const DEFAULT_OUT = 'genlock-demo';
const CREDIT_USD = '5.00';
/** Far more time than it needs; a demo that takes this long has failed. */
const DEADLINE_MS = 5 * 60 * 1000;

/**
 * `genlock demo`: starts a throw-away gateway, orders a file of each kind in several dialects as their customer, and saves and lists the
 * files with their cost. Resolves to the exit code: 0; 1 if anything failed; 130 and the like if a signal ended it. Leaves nothing but the
 * files.
 */
export async function demo(options: DemoOptions = {}): Promise<number> {
  const { out = DEFAULT_OUT, scenes = allScenes, stdout = process.stdout, stderr = process.stderr } = options;
  using interrupt = listenForInterrupt(options.signal);
  const signal = AbortSignal.any([interrupt.signal, AbortSignal.timeout(DEADLINE_MS)]);
  let studio: Studio | undefined;
  try {
    const folder = resolve(out);
    await mkdir(folder, { recursive: true });
    studio = await openStudio(options.scratch);
    signal.throwIfAborted();
    stderr.write(`A throw-away gateway runs on ${studio.url}. It makes, at the sandbox provider:\n`);

    const account = await studio.admin<{ id: string }>('POST', '/accounts', {
      name: 'demo',
      credit_usd: CREDIT_USD,
    });
    const files = await shoot(studio, account.id, scenes, folder, stderr, signal);
    const books = await closeBooks(studio, account.id);
    stdout.write(
      `\nFiles:\n${reportFiles(files)}\n\nLedger of the account (adds up, drift 0):\n${reportBooks(books)}\n`,
    );
    return 0;
  } catch (error) {
    const code = interrupt.exitCode();
    stderr.write(
      code === undefined ? `\ngenlock demo: ${explain(error, signal)}\n` : '\ngenlock demo: interrupted\n',
    );
    return code ?? 1;
  } finally {
    await studio?.close();
  }
}

/** Makes all scenes at once, each with a key of its dialect. If one fails, the others are stopped. */
async function shoot(
  studio: Studio,
  accountId: string,
  scenes: readonly Scene[],
  folder: string,
  stderr: Screen,
  outer: AbortSignal,
): Promise<readonly SavedFile[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  const keys = new Map<string, string>();
  for (const { dialect } of scenes) {
    if (keys.has(dialect)) continue;
    const made = await studio.admin<{ key: string }>('POST', `/accounts/${accountId}/keys`, { dialect });
    keys.set(dialect, made.key);
  }

  const progress = showProgress(stderr);
  try {
    const takes = scenes.map((scene) => {
      const { at } = progress.track(scene.title);
      return makeOne(studio, scene, keys.get(scene.dialect) ?? '', folder, at, signal).catch((error) => {
        failed.abort(error);
        throw error;
      });
    });
    // Waits for all of them, so that none is still writing when the gateway stops.
    await Promise.allSettled(takes);
    return await Promise.all(failed.signal.aborted ? [Promise.reject(failed.signal.reason)] : takes);
  } finally {
    progress.stop();
  }
}

async function makeOne(
  studio: Studio,
  scene: Scene,
  key: string,
  folder: string,
  at: (stage: Stage) => void,
  signal: AbortSignal,
): Promise<SavedFile> {
  const { title, file, dialect, model } = scene;
  try {
    const access = { base: studio.url + (scene.mount ?? `/${dialect}`), key, signal };
    const { generationId, bytes, words } = await scene.make(access, at);
    const path = join(folder, file);
    await writeFile(path, bytes);
    const facts = words === undefined ? await probe(bytes) : ({ kind: 'text', words } as const);
    const { charged_usd } = await studio.admin<{ charged_usd: string }>(
      'GET',
      `/generations/${generationId}`,
    );
    at('saved');
    return { path: near(path), bytes: bytes.length, facts, dialect, model, chargedUsd: charged_usd };
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(
      `${title} (${dialect}/${model}): ${error instanceof Error ? error.message : error}${await cause(studio, error)}`,
      {
        cause: error,
      },
    );
  }
}

/** What the operator can see of a failure and the customer cannot. */
async function cause(studio: Studio, error: unknown): Promise<string> {
  if (!(error instanceof SceneError) || error.generationId === undefined) return '';
  const { attempts } = await studio.admin<{
    attempts: { provider: string; error: { code: string; raw: string | null } | null }[];
  }>('GET', `/generations/${error.generationId}`);
  return attempts
    .flatMap(({ provider, error }, index) =>
      error === null
        ? []
        : [
            `\n  attempt ${index + 1} at ${provider}: ${error.code}${error.raw === null ? '' : `, ${error.raw}`}`,
          ],
    )
    .join('');
}

function explain(error: unknown, signal: AbortSignal): string {
  if (signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError')
    return `not finished after ${DEADLINE_MS / 60_000} minutes`;
  return error instanceof Error ? error.message : String(error);
}

/** The path as one would type it from the current folder. */
function near(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

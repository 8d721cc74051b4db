import type { FlaggedAttempt } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { attemptName, followUp } from './follow-up.ts';

const PAGE = 100;
const AT_ONCE = 8;
const EVERY_MS = 5_000;
/** The process that had the work looks first, since it knows most. */
const GRACE_MS = 10_000;
const LONGEST_WAIT_MS = 5 * 60 * 1000;

/** By attempt: how often it was looked at, and when the next look is due. */
type Looks = Map<string, { readonly count: number; readonly nextAt: number }>;

/**
 * Looks at abandoned attempts again and again, at growing intervals, until their fate is known. Several processes may do this at once,
 * because asking twice does no harm.
 *
 * @returns a function that stops it
 */
export function followAbandoned(core: Core): () => Promise<void> {
  const stop = new AbortController();
  const looks: Looks = new Map();
  let timer: NodeJS.Timeout | undefined;
  const sweep = async (): Promise<void> => {
    await sweepAbandoned(core, looks, stop.signal).catch((error) =>
      core.log.error({ err: error }, 'attempts could not be followed up'),
    );
    if (stop.signal.aborted) return;
    timer = setTimeout(() => {
      sweeping = sweep();
    }, EVERY_MS);
    timer.unref();
  };
  let sweeping = sweep();
  return () => {
    stop.abort();
    clearTimeout(timer);
    return sweeping;
  };
}

/** One look at each attempt that is due. */
export async function sweepAbandoned(
  core: Core,
  looks: Looks,
  signal: AbortSignal,
  graceMs = GRACE_MS,
): Promise<void> {
  const seen = new Set<string>();
  const kept = core.providers.keptWork();
  for (let cursor: string | undefined; !signal.aborted; ) {
    const { data, nextCursor } = await core.store.flaggedAttempts('abandoned', PAGE, cursor);
    const due = data.filter((one) => isDue(core, looks, seen, one, graceMs));
    for (let from = 0; from < due.length && !signal.aborted; from += AT_ONCE)
      await Promise.all(due.slice(from, from + AT_ONCE).map((one) => look(core, looks, one, signal)));
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  for (const name of looks.keys()) if (!seen.has(name)) looks.delete(name);
  // Another process has found out what became of these.
  for (const name of kept) if (!seen.has(name) && !signal.aborted) core.providers.drop(name);
}

function isDue(core: Core, looks: Looks, seen: Set<string>, one: FlaggedAttempt, graceMs: number): boolean {
  seen.add(nameOf(one));
  const { nextAt } = looks.get(nameOf(one)) ?? { nextAt: (one.generation.finishedAt ?? 0) + graceMs };
  return nextAt <= core.now();
}

async function look(core: Core, looks: Looks, one: FlaggedAttempt, signal: AbortSignal): Promise<void> {
  const count = looks.get(nameOf(one))?.count ?? 0;
  looks.set(nameOf(one), {
    count: count + 1,
    nextAt: core.now() + Math.min(LONGEST_WAIT_MS, EVERY_MS * 2 ** count),
  });
  const generation = await core.store.generation(one.generation.id);
  if (generation !== undefined) await followUp(core, generation, one, signal);
}

function nameOf({ generation, n }: FlaggedAttempt): string {
  return attemptName(generation.id, n);
}

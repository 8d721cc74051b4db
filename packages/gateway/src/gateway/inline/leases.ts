import type { Core } from '../core.ts';

interface Keeper {
  runs: number;
  readonly timer: NodeJS.Timeout;
}

const keepers = new WeakMap<Core, Keeper>();

/** A lease on inline work is as long as any other. It is renewed while the process lives and has such work. */
export function inlineLeaseUntil(core: Core): number {
  return core.now() + core.config().worker.leaseMs;
}

/** Renews the leases on inline work until the returned function is called. One renewal covers all such work of a process. */
export function keepInlineLeases(core: Core): () => void {
  const keeper = keepers.get(core) ?? start(core);
  keeper.runs += 1;
  let kept = true;
  return () => {
    if (!kept) return;
    kept = false;
    keeper.runs -= 1;
    if (keeper.runs > 0) return;
    clearInterval(keeper.timer);
    keepers.delete(core);
  };
}

function start(core: Core): Keeper {
  const timer = setInterval(() => {
    core.store
      .renewLeases(core.instance, inlineLeaseUntil(core))
      .catch((error) => core.log.error({ err: error }, 'inline leases not renewed'));
  }, core.config().worker.leaseMs / 3);
  timer.unref();
  const keeper = { runs: 0, timer };
  keepers.set(core, keeper);
  return keeper;
}

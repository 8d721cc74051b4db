import type { Core } from '../core.ts';

interface Keeper {
  readonly ids: Set<string>;
  readonly timer: NodeJS.Timeout;
}

const keepers = new WeakMap<Core, Keeper>();

/** A lease on inline work is as long as any other. It is renewed while the process lives and has such work. */
export function inlineLeaseUntil(core: Core): number {
  return core.now() + core.config().worker.leaseMs;
}

/** Renews the lease on one inline generation until the returned function is called. One timer serves all such work of a process. */
export function keepInlineLease(core: Core, generationId: string): () => void {
  const keeper = keepers.get(core) ?? start(core);
  keeper.ids.add(generationId);
  return () => {
    if (!keeper.ids.delete(generationId) || keeper.ids.size > 0) return;
    clearInterval(keeper.timer);
    keepers.delete(core);
  };
}

function start(core: Core): Keeper {
  const ids = new Set<string>();
  const timer = setInterval(() => {
    core.store
      .renewLeases(core.instance, inlineLeaseUntil(core), [...ids])
      .catch((error) => core.log.error({ err: error }, 'inline leases not renewed'));
  }, core.config().worker.leaseMs / 3);
  timer.unref();
  const keeper = { ids, timer };
  keepers.set(core, keeper);
  return keeper;
}

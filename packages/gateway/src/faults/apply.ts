import { setTimeout as sleep } from 'node:timers/promises';
import type { CanonicalCode } from '@genlock/contracts';
import type { BlobStore } from '../assets/port.ts';
import { GenlockError } from '../domain/error.ts';
import type { Limiter } from '../limits/port.ts';
import type { Preflight, Provider, ProviderCall } from '../providers/port.ts';
import type { Store } from '../store/port.ts';
import type { FaultBoard, FaultEffect, FaultPoint } from './board.ts';

/** How long to wait for a component that never answers. */
const TIMEOUT_MS = 2_000;

type Codes = Readonly<Record<'error' | 'down' | 'garbage' | 'timeout', CanonicalCode>>;

/** Breaks the real components behind their ports, so that the real error paths run. No route knows of it. */
export function withFaults(
  board: FaultBoard,
  parts: { store: Store; blobs: BlobStore; limiter: Limiter },
): typeof parts {
  const { store, blobs, limiter } = parts;
  const strike = (point: FaultPoint, codes: Codes): Promise<void> | undefined => {
    const effect = board.take(point);
    return effect && happen(effect, codes);
  };

  return {
    store: override(store, {
      generation: async (id) => {
        await strike('store.read', STORE);
        return store.generation(id);
      },
      generations: async (...args) => {
        await strike('store.list', STORE);
        return store.generations(...args);
      },
      generationsByNumber: async (filter) => {
        await strike('store.list', STORE);
        return store.generationsByNumber(filter);
      },
      admit: async (command) => {
        await strike('store.write', STORE);
        await strike('ledger', LEDGER);
        return store.admit(command);
      },
      settle: async (command) => {
        await strike('store.settle', STORE);
        return store.settle(command);
      },
    }),
    blobs: override(blobs, {
      put: async (...args) => {
        await strike('assets.write', STORE);
        return blobs.put(...args);
      },
      read: async (...args) => {
        await strike('assets.read', STORE);
        return blobs.read(...args);
      },
      readAll: async (...args) => {
        await strike('assets.read', STORE);
        return blobs.readAll(...args);
      },
    }),
    limiter: override(limiter, {
      take: (claim) => {
        const struck = strike('limiter', LIMITER);
        return struck === undefined ? limiter.take(claim) : struck.then(() => limiter.take(claim));
      },
    }),
  };
}

/** The same for a provider. A fault that the contract can report at submission is reported there; others make the job fail. */
export function withProviderFaults(board: FaultBoard, provider: Provider): Provider {
  const stream = provider.stream?.bind(provider);
  return override(provider, {
    ...(stream && {
      async *stream(call: ProviderCall) {
        const effect = board.take('provider');
        if (effect !== undefined) await happen(effect, PROVIDER);
        yield* stream(call);
      },
    }),
    preflight: (call: Preflight) => {
      const effect = board.take(
        'provider',
        ({ kind }) => (kind === 'down' || kind === 'garbage') && call.tellable.includes(PROVIDER[kind]),
      );
      return effect === undefined ? provider.preflight?.(call) : happen(effect, PROVIDER);
    },
    submit: async (call) => {
      const effect = board.take('provider');
      if (effect !== undefined) await happen(effect, PROVIDER);
      return provider.submit(call);
    },
  });
}

const STORE: Codes = {
  error: 'storage_unavailable',
  down: 'storage_unavailable',
  garbage: 'internal_error',
  timeout: 'storage_unavailable',
};
const LEDGER: Codes = {
  error: 'charge_failed',
  down: 'charge_failed',
  garbage: 'charge_failed',
  timeout: 'charge_failed',
};
const LIMITER: Codes = {
  error: 'limiter_unavailable',
  down: 'limiter_unavailable',
  garbage: 'limiter_unavailable',
  timeout: 'limiter_unavailable',
};
const PROVIDER: Codes = {
  error: 'upstream_failed',
  down: 'upstream_unavailable',
  garbage: 'upstream_invalid_result',
  timeout: 'upstream_timeout',
};

async function happen(effect: FaultEffect, codes: Codes): Promise<void> {
  if (effect.kind === 'delay') {
    await sleep(effect.ms);
    return;
  }
  if (effect.kind === 'timeout') await sleep(TIMEOUT_MS);
  throw new GenlockError(codes[effect.kind], undefined, {
    reason: effect.kind,
    raw: 'a fault set by the rehearsal',
  });
}

/** The component with some methods replaced. All others still run on the original object, with its private state. */
function override<T extends object>(original: T, methods: Partial<T>): T {
  return new Proxy(original, {
    get(target, property) {
      if (Object.hasOwn(methods, property)) return Reflect.get(methods, property);
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

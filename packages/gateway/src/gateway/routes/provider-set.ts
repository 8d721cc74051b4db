import { isDeepStrictEqual } from 'node:util';
import type { Provider, ProviderCapabilities } from '../../providers/port.ts';
import type { Log } from '../../telemetry/log.ts';

/** A provider as it is configured. */
export interface Configured {
  readonly provider: Provider;
  /** Where it orders and as whom. One that has the name of another, with another identity, knows nothing of what that one took on. */
  readonly identity: unknown;
}

/** A provider that stays open until it is let go, whatever becomes of the configuration. */
export interface Held {
  readonly provider: Provider;
  /** Another hold on the same one. */
  share(): Held;
  /** Once for each hold; again does nothing. */
  release(): void;
}

/** Where and when an attempt was made. */
export interface Made {
  readonly provider: string;
  readonly startedAt: number;
}

interface Instance extends Configured {
  users: number;
  state: 'current' | 'retired' | 'closed';
}

/** From when on a name led where; the last one of a name stands, also where the name leads nowhere any more. */
interface Era {
  readonly since: number;
  readonly identity: unknown;
  readonly capabilities: ProviderCapabilities;
}

/**
 * The providers by name. They change when the configuration is read again: new work goes to those of now, work under way keeps the
 * one that it began with, and one that nobody uses any longer is closed.
 */
export class ProviderSet {
  readonly #now: () => number;
  readonly #log: Log;
  #current = new Map<string, Instance>();
  readonly #retired = new Set<Instance>();
  readonly #eras = new Map<string, Era[]>();
  readonly #kept = new Map<string, Held>();
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(first: Iterable<Configured>, { now, log }: { readonly now: () => number; readonly log: Log }) {
    this.#now = now;
    this.#log = log;
    // Whoever has a name at start is taken for the one who had it before: nothing else is known.
    this.#put(first, Number.NEGATIVE_INFINITY);
  }

  /** The one that new work goes to, for what is asked at once. */
  get(name: string): Provider | undefined {
    return this.#current.get(name)?.provider;
  }

  has(name: string): boolean {
    return this.#current.has(name);
  }

  /** The one that new work goes to, for as long as the work takes. */
  hold(name: string): Held | undefined {
    const instance = this.#current.get(name);
    return instance && this.#hold(instance);
  }

  /** Whether the name still leads where it led when the attempt was made; within the same millisecond it is said not to. */
  knows({ provider, startedAt }: Made): boolean {
    return startedAt > (this.#eras.get(provider)?.at(-1)?.since ?? 0);
  }

  /**
   * What the provider of an attempt could do when it was made; undefined where that is not known. What one honours under its keys,
   * another one that has its name now does not.
   */
  capabilitiesAt(made: Made): ProviderCapabilities | undefined {
    const era = this.#eras.get(made.provider)?.findLast(({ since }) => since < made.startedAt);
    if (era === undefined || this.knows(made)) return era?.capabilities;
    return { ...era.capabilities, safeToResend: era.capabilities.free === true };
  }

  /** Puts other providers in force. Those that are the same objects as before go on. */
  replace(next: Iterable<Configured>): void {
    this.#put(next, this.#now());
  }

  /** Holds on for work that is looked at again later, until {@link drop}. */
  keep(work: string, held: Held): void {
    this.drop(work);
    this.#kept.set(work, held.share());
  }

  kept(work: string): Held | undefined {
    return this.#kept.get(work)?.share();
  }

  drop(work: string): void {
    this.#kept.get(work)?.release();
    this.#kept.delete(work);
  }

  /** All that {@link keep} was told of. */
  keptWork(): readonly string[] {
    return [...this.#kept.keys()];
  }

  /** Closes all of them, used or not. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const instance of [...this.#current.values(), ...this.#retired]) this.#end(instance);
    await Promise.all(this.#closing);
  }

  #put(next: Iterable<Configured>, since: number): void {
    const before = this.#current;
    this.#current = new Map();
    for (const configured of next) {
      const { provider, identity } = configured;
      const same = before.get(provider.name);
      if (same?.provider === provider) {
        this.#current.set(provider.name, same);
        before.delete(provider.name);
        continue;
      }
      this.#current.set(provider.name, { ...configured, users: 0, state: 'current' });
      const eras = this.#eras.get(provider.name) ?? [];
      const last = eras.at(-1);
      if (last === undefined || !isDeepStrictEqual(last.identity, identity))
        this.#eras.set(provider.name, [...eras, { since, identity, capabilities: provider.capabilities }]);
    }
    for (const instance of before.values()) this.#retire(instance);
    if (this.#closed) for (const instance of this.#current.values()) this.#end(instance);
  }

  #hold(instance: Instance): Held {
    instance.users += 1;
    let held = true;
    return {
      provider: instance.provider,
      share: () => this.#hold(instance),
      release: () => {
        if (!held) return;
        held = false;
        instance.users -= 1;
        if (instance.state === 'retired' && instance.users === 0) this.#end(instance);
      },
    };
  }

  #retire(instance: Instance): void {
    instance.state = 'retired';
    this.#retired.add(instance);
    if (instance.users === 0) this.#end(instance);
  }

  #end(instance: Instance): void {
    if (instance.state === 'closed') return;
    instance.state = 'closed';
    this.#retired.delete(instance);
    const { provider } = instance;
    const closing = (provider.close?.() ?? Promise.resolve())
      .catch((error) => this.#log.warn({ provider: provider.name, err: error }, 'a provider was not closed'))
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { Provider, ProviderCapabilities } from '../../providers/port.ts';
import type { Log } from '../../telemetry/log.ts';

/** A provider as it is configured. */
export interface Configured {
  readonly provider: Provider;
  /**
   * Which upstream it orders from, and with which credentials. A provider with the same name and another identity knows nothing of the work
   * that the former one accepted.
   */
  readonly identity: unknown;
}

/** A provider that stays open until it is released, whatever the configuration becomes. */
export interface Held {
  readonly provider: Provider;
  /** A further hold on the same provider. */
  share(): Held;
  /** To be called once for each hold; further calls do nothing. */
  release(): void;
}

/** To which provider, by name, an attempt was made, and when. */
export interface Made {
  readonly provider: string;
  readonly startedAt: number;
}

interface Instance extends Configured {
  users: number;
  state: 'current' | 'retired' | 'closed';
}

/** From when on a name led to which provider. The last era of a name is kept even when the name leads nowhere any more. */
interface Era {
  readonly since: number;
  readonly identity: unknown;
  readonly capabilities: ProviderCapabilities;
}

/**
 * The most former providers that are remembered for a name. For an older attempt nothing is known of its provider, so its call is never
 * sent again. The limit bounds the memory: with a secret that changes with a reload every hour, it reaches back four days.
 */
const MAX_ERAS = 100;

/**
 * The providers by name. They change when the configuration is read again. New work goes to the new ones, work under way keeps the one that
 * it began with, and a provider that nobody uses any longer is closed.
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
    // At start, each name is assumed to lead where it led before, since nothing else is known.
    this.#put(first, Number.NEGATIVE_INFINITY);
  }

  /** The provider for new work, for a question that is answered at once. */
  get(name: string): Provider | undefined {
    return this.#current.get(name)?.provider;
  }

  has(name: string): boolean {
    return this.#current.has(name);
  }

  /** The provider for new work, kept open for as long as the work takes. */
  hold(name: string): Held | undefined {
    const instance = this.#current.get(name);
    return instance && this.#hold(instance);
  }

  /** Whether the name still leads where it led when the attempt was made. If it changed in the same millisecond, the answer is no. */
  knows({ provider, startedAt }: Made): boolean {
    return startedAt > (this.#eras.get(provider)?.at(-1)?.since ?? 0);
  }

  /**
   * The capabilities of the attempt's provider at the time of the attempt; undefined if they are not known. If the name now leads
   * elsewhere, the call is not safe to send again, because the new provider does not know the keys of the former one.
   */
  capabilitiesAt(made: Made): ProviderCapabilities | undefined {
    const era = this.#eras.get(made.provider)?.findLast(({ since }) => since < made.startedAt);
    if (era === undefined || this.knows(made)) return era?.capabilities;
    return { ...era.capabilities, safeToResend: era.capabilities.free === true };
  }

  /** Puts other providers in force. A provider that is the same object as before continues. */
  replace(next: Iterable<Configured>): void {
    this.#put(next, this.#now());
  }

  /** Keeps the provider open for work that is looked at again later, until {@link drop}. */
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

  /** All the work that {@link keep} was called for and {@link drop} was not. */
  keptWork(): readonly string[] {
    return [...this.#kept.keys()];
  }

  /** Closes all providers, also those in use. */
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
        this.#eras.set(provider.name, [
          ...eras.slice(1 - MAX_ERAS),
          { since, identity, capabilities: provider.capabilities },
        ]);
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

import type { Finding } from './finding.ts';

export interface Entry extends Finding {
  readonly where: string;
  readonly times: number;
  /** The first case that showed it, with how to send it again. */
  readonly example: string;
}

/** Collects findings, each kind once. */
export class Docket {
  readonly #entries = new Map<string, Entry>();

  get entries(): readonly Entry[] {
    return [...this.#entries.values()].toSorted((a, b) => a.promise.localeCompare(b.promise));
  }

  add(where: string, { promise, seen }: Finding, example: () => string): void {
    const kind = `${promise} ${where} ${plain(seen)}`;
    const known = this.#entries.get(kind);
    this.#entries.set(
      kind,
      known === undefined
        ? { promise, seen, where, times: 1, example: example() }
        : { ...known, times: known.times + 1 },
    );
  }
}

/** Removes ids and numbers, which do not make a new kind of finding. */
function plain(seen: string): string {
  return seen.replaceAll(/[\w-]*\d[\w-]*/g, '#').slice(0, 120);
}

/**
 * Lets tokens through as soon as they cannot be part of a stop text any more. A stop text may begin inside one token and end in
 * another; nothing of it ever gets out.
 */
export class StopGate {
  readonly #stops: string[];
  #held: string[] = [];

  constructor(stops: readonly string[] = []) {
    // Our text is well-formed, so half a character never comes; looked for, it would be found inside a whole one.
    this.#stops = stops.filter((stop) => stop !== '' && stop.isWellFormed());
  }

  /** Takes a token; gives the tokens that may go out now, and whether a stop text was reached (then the last may be cut short). */
  push(token: string): { released: string[]; stopped: boolean } {
    this.#held.push(token);
    const text = this.#held.join('');
    const found = this.#stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
    if (found.length > 0) return { released: this.#take(Math.min(...found), true), stopped: true };
    return { released: this.#take(this.#firstDoubt(text), false), stopped: false };
  }

  /** What is still held when the text ends without a stop. */
  rest(): string[] {
    return this.#held.splice(0);
  }

  /** Where the longest end of `text` starts that a stop text may go on from; the text's length if there is none. */
  #firstDoubt(text: string): number {
    if (this.#stops.length === 0) return text.length;
    for (let index = 0; index < text.length; index++) {
      const end = text.slice(index);
      if (this.#stops.some((stop) => stop.startsWith(end))) return index;
    }
    return text.length;
  }

  /** Takes the tokens before `position` out; a token across it is cut there if asked, else kept whole. */
  #take(position: number, cut: boolean): string[] {
    const taken: string[] = [];
    let at = 0;
    for (const token of this.#held) {
      const fits = at + token.length <= position;
      if (!fits && !(cut && at < position)) break;
      taken.push(fits ? token : token.slice(0, position - at));
      at += token.length;
    }
    this.#held = this.#held.slice(taken.length);
    return taken;
  }
}

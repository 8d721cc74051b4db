/**
 * Releases tokens as soon as they can no longer be part of a stop text. A stop text may begin inside one token and end in another; no part
 * of it is released.
 */
export class StopGate {
  readonly #stops: string[];
  #held: string[] = [];

  constructor(stops: readonly string[] = []) {
    // Stop texts with half a character (lone surrogates) are ignored: our text contains none, but a search would find them inside a whole
    // character.
    this.#stops = stops.filter((stop) => stop !== '' && stop.isWellFormed());
  }

  /**
   * Takes a token. Returns the tokens that can be released now, and whether a stop text was reached (the last token may then be cut short).
   */
  push(token: string): { released: string[]; stopped: boolean } {
    this.#held.push(token);
    const text = this.#held.join('');
    const found = this.#stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
    if (found.length > 0) return { released: this.#take(Math.min(...found), true), stopped: true };
    return { released: this.#take(this.#firstDoubt(text), false), stopped: false };
  }

  /** The tokens still held when the text ends without a stop. */
  rest(): string[] {
    return this.#held.splice(0);
  }

  /** Where the longest end of `text` begins that may be the start of a stop text; the text's length if there is none. */
  #firstDoubt(text: string): number {
    if (this.#stops.length === 0) return text.length;
    for (let index = 0; index < text.length; index++) {
      const end = text.slice(index);
      if (this.#stops.some((stop) => stop.startsWith(end))) return index;
    }
    return text.length;
  }

  /** Removes the tokens before `position`. A token across it is cut there if `cut`, else kept whole. */
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

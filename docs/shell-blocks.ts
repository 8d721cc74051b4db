/** A fenced block of a page that is marked `sh test`: commands, and what the page promises that they print. */
export interface ShellBlock {
  /** Line of the page at which the fence opens, from 1. */
  readonly line: number;
  readonly commands: string;
  /** The texts behind `# →`, each of which must be in the output. */
  readonly promises: readonly string[];
}

const BLOCK = /^```sh test\n(.*?)^```$/gms;
const PROMISE = /^# → (.+)$/gm;

export function shellBlocks(page: string): readonly ShellBlock[] {
  return [...page.matchAll(BLOCK)].map(({ 1: commands = '', index }) => ({
    line: page.slice(0, index).split('\n').length,
    commands,
    promises: [...commands.matchAll(PROMISE)].map(({ 1: promise = '' }) => promise),
  }));
}

/** One bash script that runs the blocks in one shell, as a reader would, and keeps what each prints in `block-<line>.out`. */
export function scriptOf(blocks: readonly ShellBlock[]): string {
  const parts = blocks.map(
    ({ line, commands }) => `echo "block at line ${line}" >&2\n{\n${commands}} > block-${line}.out 2>&1\n`,
  );
  // A pipe ends in `node` or `grep`, which fail on what they cannot use; `-e` then stops at the block.
  return `set -eu -o pipefail\n${parts.join('\n')}`;
}

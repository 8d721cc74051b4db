/** Decides whether texts may be worked on. A port: today the operator's lists, later perhaps a service. */
export interface Moderator {
  allows(texts: readonly string[]): boolean | Promise<boolean>;
}

export interface ModerationLists {
  /** Whole words or phrases; upper and lower case are the same. */
  readonly words: readonly string[];
  readonly patterns: readonly RegExp[];
}

/** Patterns read at most this many characters of a text, so that none can run for ever. */
const PATTERN_WINDOW = 20_000;

/** Moderation by the operator's word and pattern lists. */
export function createListModerator(lists: ModerationLists): Moderator {
  const words = lists.words.map(fold).filter((word) => word !== '');
  const banned =
    words.length === 0
      ? undefined
      : new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map(escapeRegExp).join('|')})(?![\\p{L}\\p{N}])`, 'u');
  const patterns = lists.patterns.map(
    (pattern) => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')),
  );
  return {
    allows: (texts) =>
      !texts.some(
        (text) =>
          banned?.test(fold(text)) === true ||
          patterns.some((pattern) => pattern.test(text.slice(0, PATTERN_WINDOW))),
      ),
  };
}

/** Removes differences of compatibility forms, case and runs of space, and invisible characters, so that they cannot hide a word. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, (c) => (c === '\n' || c === '\t' || c === '\r' ? ' ' : ''))
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

function escapeRegExp(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

export const MAX_PATTERN_LENGTH = 500;

/** A repetition with a higher count than this is as bad as an endless one. */
const MANY = 100;

/**
 * Compiles a moderation pattern: the source of a JavaScript regular expression (Unicode mode), optionally with flags in front:
 * `(?i)forbidden`. Returns an error message as a string. Prompts come from outside, so a pattern that can backtrack exponentially is
 * refused: a single request would stop the process for everybody.
 */
export function compilePattern(text: string): RegExp | string {
  if (text.length > MAX_PATTERN_LENGTH) return `longer than ${MAX_PATTERN_LENGTH} characters`;
  const [, flags = '', source = text] = /^\(\?([ims]{1,3})\)(.*)$/s.exec(text) ?? [];
  if (source === '') return 'empty, which would match everything';
  try {
    const pattern = new RegExp(source, `${flags}u`);
    return nestsRepetition(source)
      ? 'a repetition within a repetition can take for ever; bound the inner one'
      : pattern;
  } catch (error) {
    return error instanceof Error
      ? error.message.replace(/^Invalid regular expression: /, '')
      : 'not readable';
  }
}

/**
 * Whether an endlessly repeated group contains an endless repetition, as in `(a+)+`. Expects a valid source. The rule only looks at the
 * form: it also refuses some harmless patterns, which can be written with bounds instead (`(\w{1,20} )+`).
 */
function nestsRepetition(source: string): boolean {
  const tokens = source.matchAll(
    /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|[a-z-]*:|<\w+>))?|\)|[*+?]|\{\d+(?:,\d*)?\}/gsu,
  );
  /** For each open group: whether it contains an endless repetition. */
  const open = [false];
  let closed = false;
  let end = -1;
  for (const { 0: token, index } of tokens) {
    if (token.startsWith('(')) {
      open.push(false);
    } else if (token === ')') {
      closed = open.pop() ?? false;
      if (closed) open[open.length - 1] = true;
      end = index + 1;
    } else if (isEndless(token)) {
      if (closed && end === index) return true;
      open[open.length - 1] = true;
    }
  }
  return false;
}

function isEndless(token: string): boolean {
  if (token === '*' || token === '+') return true;
  const counted = /^\{(\d+)(,?)(\d*)\}$/.exec(token);
  if (counted === null) return false;
  const [, least, comma, most] = counted;
  return comma === ',' && most === '' ? true : Number(comma === ',' ? most : least) > MANY;
}

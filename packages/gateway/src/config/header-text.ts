/**
 * Why a text cannot be the value of an HTTP header (RFC 9110, section 5.5), in words that show nothing of it, since it may be a secret:
 * `a line break at the end of`, to go on with what holds it. Undefined when it can.
 */
export function unwritable(text: string): string | undefined {
  const at = text.search(/[^\t\x20-\x7e\x80-\xff]/);
  if (at < 0) return undefined;
  if (/^[\r\n]+$/.test(text.slice(at))) return 'a line break at the end of';
  const code = text.codePointAt(at) ?? 0;
  if (code === 10 || code === 13) return 'a line break in';
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return `the character ${name} in`;
}

/** RFC 9110 token. */
export const HEADER_NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$";

/** Headers that are the connection's own: whoever sets one breaks it, or is not listened to. */
const OF_THE_CONNECTION: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** True, or why no header can be set by this name ('' where it is no name at all). */
export function isHeaderName(text: string): true | string {
  if (!new RegExp(HEADER_NAME).test(text)) return '';
  return OF_THE_CONNECTION.includes(text.toLowerCase()) ? 'it is the connection’s own' : true;
}

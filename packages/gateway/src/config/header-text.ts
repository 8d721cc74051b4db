/**
 * Why a text cannot be the value of an HTTP header (RFC 9110, section 5.5), as the beginning of a phrase such as `a line break at the end
 * of`. It shows nothing of the text, which may be a secret. Undefined if the text is valid.
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

/** A token of RFC 9110. */
export const HEADER_NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$";

/** Headers that belong to the connection: setting one would break it or have no effect. */
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

/** true, or why a header of this name cannot be set ('' if it is not a header name at all). */
export function isHeaderName(text: string): true | string {
  if (!new RegExp(HEADER_NAME).test(text)) return '';
  return OF_THE_CONNECTION.includes(text.toLowerCase()) ? 'it is the connection’s own' : true;
}

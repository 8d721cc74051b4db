import { type Draft, headBytes } from './draft.ts';

const MAX_BODY = 4_000;

/** A command for a POSIX shell that sends the same request. */
export function curlOf(draft: Draft, url: string): string {
  const { host, hostname, port } = new URL(url);
  if (draft.manner === 'alone') {
    const bytes = draft.raw ?? Buffer.concat([headBytes(draft, host), draft.body ?? Buffer.alloc(0)]);
    return `printf ${bytesOf(bytes)} | nc ${hostname} ${port}`;
  }
  const parts = [
    'curl -sS -i --path-as-is -g',
    draft.method === 'HEAD' ? '-I' : `-X ${quoted(draft.method)}`,
    ...draft.headers.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(draft.chunked ? ["-H 'Transfer-Encoding: chunked'"] : []),
    ...(draft.body === undefined ? [] : [`--data-binary @-`]),
    quoted(`${url}${draft.path}${draft.query}`),
  ];
  const command = parts.join(' ');
  if (draft.body === undefined) return command;
  if (draft.body.length > MAX_BODY) return `${command}   # ${draft.body.length} bytes: see --case`;
  return `printf ${bytesOf(draft.body)} | ${command}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The bytes for printf: plain text unchanged, everything else in octal. */
function bytesOf(bytes: Buffer): string {
  if (bytes.length > MAX_BODY) return `'…${bytes.length} bytes: see --case'`;
  const text = [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && !"\\%'".includes(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `\\${byte.toString(8).padStart(3, '0')}`,
    )
    .join('');
  return `'${text}'`;
}

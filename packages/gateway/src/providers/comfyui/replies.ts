import Type from 'typebox';
import { membersOf } from '../upstream/read-members.ts';
import { replyReader } from '../upstream/reply.ts';
import type { MediaRequest } from '../upstream/request-values.ts';
import { mediumOf, type ResultLink } from '../upstream/result-links.ts';

export const readOrdered = replyReader(
  Type.Object({ prompt_id: Type.String({ minLength: 1, maxLength: 200 }) }),
  true,
);
export const readUploaded = replyReader(
  Type.Object({ name: Type.String({ minLength: 1 }), subfolder: Type.Optional(Type.String()) }),
  false,
);
const items = Type.Array(Type.Unknown());
export const readQueue = replyReader(Type.Object({ queue_running: items, queue_pending: items }), false);
export const readHistory = replyReader(Type.Object({}), false);

/** Whether a list of the queue, made of `[number, id, …]`, contains a prompt. */
export function holds(list: readonly unknown[], id: string): boolean {
  return list.some((item) => Array.isArray(item) && item[1] === id);
}

/** How a prompt in the history ended. Undefined: it has not ended, or its status is unknown. Old servers keep no status. */
export function endOf(entry: unknown): 'done' | 'failed' | undefined {
  const { status } = membersOf(entry);
  const { status_str: state, completed } = membersOf(status);
  if (state === 'error') return 'failed';
  return completed === true || status === undefined || status === null ? 'done' : undefined;
}

/** The failure of a prompt, in the form of an API error. */
export function failureIn(entry: unknown): {
  readonly error: { readonly type: string; readonly message: string };
  readonly node: string;
} {
  const { messages } = membersOf(membersOf(entry).status);
  const told = (Array.isArray(messages) ? messages : []).findLast(
    (one) => Array.isArray(one) && /^execution_(?:error|interrupted)$/.test(String(one[0])),
  );
  const { exception_type: type, exception_message: message, node_type: node } = membersOf(told?.[1]);
  const event = String(told?.[0] ?? 'no message');
  return { error: { type: textOr(type, event), message: textOr(message, event) }, node: textOr(node, '') };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

interface File {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/**
 * The links of a finished prompt's files, whatever list its nodes put them in: `images`, `gifs`, `audio`. Previews (`temp`) count only if
 * nothing was saved. Pictures are requested in the format that was ordered, because nodes mostly save PNG.
 */
export function filesOf(entry: unknown, request: MediaRequest, baseUrl: string): readonly ResultLink[] {
  const lists = Object.values(membersOf(membersOf(entry).outputs)).flatMap((node) =>
    Object.values(membersOf(node)),
  );
  const files = lists.flatMap((list) => (Array.isArray(list) ? list.flatMap(fileIn) : []));
  const saved = files.filter(({ type }) => type === 'output');
  return (saved.length > 0 ? saved : files).map((file) => linkTo(file, request, baseUrl));
}

function fileIn(value: unknown): File[] {
  const { filename, subfolder, type } = membersOf(value);
  if (typeof filename !== 'string') return [];
  return [{ filename, subfolder: textOr(subfolder, ''), type: textOr(type, 'output') }];
}

/** For re-encoded pictures; a higher quality makes no visible difference. */
const QUALITY = 95;

function linkTo({ filename, subfolder, type }: File, request: MediaRequest, baseUrl: string): ResultLink {
  const query = new URLSearchParams({ filename, subfolder, type });
  const medium = mediumOf(filename);
  const extension = filename
    .slice(filename.lastIndexOf('.') + 1)
    .toLowerCase()
    .replace(/^jpg$/, 'jpeg');
  if (
    request.kind === 'image' &&
    medium === 'image' &&
    request.format !== 'png' &&
    request.format !== extension
  )
    query.set('preview', `${request.format};${QUALITY}`);
  return {
    url: `${baseUrl.replace(/\/+$/, '')}/view?${query}`,
    contentType: medium === undefined ? '' : `${medium}/${extension}`,
  };
}

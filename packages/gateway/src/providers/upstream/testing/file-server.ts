import { type HttpDouble, startHttpDouble } from './http-double.ts';
import type { MadeFile } from './make-file.ts';

/** The other host, which hands out the upstream's files. It accepts no credentials, and has a file only after some tries. */
export interface FileServer extends HttpDouble {
  /** The link of a file. `behind`: how often the file is missing at first. */
  add(file: MadeFile, behind?: number): string;
}

export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, { readonly file: MadeFile; behind: number }>();
  const server = await startHttpDouble(({ path, headers }) => {
    const found = files.get(path);
    if (found === undefined || headers.authorization !== undefined)
      return { status: 403, body: 'AccessDenied' };
    if (found.behind > 0) {
      found.behind -= 1;
      return { status: 404, body: 'NoSuchKey' };
    }
    return { headers: { 'content-type': found.file.contentType }, body: found.file.bytes };
  });
  return {
    ...server,
    add(file, behind = 0) {
      const path = `/pbxt/${files.size}/out-0.${file.extension}`;
      files.set(path, { file, behind });
      return `${server.url}${path}`;
    },
  };
}

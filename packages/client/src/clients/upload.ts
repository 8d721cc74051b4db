export type FileContent = Blob | ArrayBuffer | Uint8Array;

export interface FileFacts {
  /** What the service may show; of a `File` its own by default. */
  readonly name?: string | undefined;
  /** Of a `Blob` its own by default. Services look at the bytes themselves. */
  readonly contentType?: string | undefined;
}

/** A form with one part, `file`. */
export function fileForm(content: FileContent, { name, contentType }: FileFacts): FormData {
  const type = contentType ?? (content instanceof Blob ? content.type : 'application/octet-stream');
  if (typeof content !== 'object' || content === null)
    throw new TypeError('A file is given as a Blob or File, or as bytes.');
  const ownName = 'name' in content && typeof content.name === 'string' ? content.name : 'file';
  const form = new FormData();
  // The type of a part of a blob has no name that every library of types has.
  form.append('file', new Blob([content as Blob], { type }), name ?? ownName);
  return form;
}

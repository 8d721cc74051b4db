export type FileContent = Blob | ArrayBuffer | Uint8Array;

export interface FileFacts {
  /** A name that the service may show; default: the name of a `File`. */
  readonly name?: string | undefined;
  /** Default: the type of a `Blob`. Services check the bytes themselves. */
  readonly contentType?: string | undefined;
}

/** A form with a single part, `file`. */
export function fileForm(content: FileContent, { name, contentType }: FileFacts): FormData {
  const type = contentType ?? (content instanceof Blob ? content.type : 'application/octet-stream');
  if (typeof content !== 'object' || content === null)
    throw new TypeError('A file is given as a Blob or File, or as bytes.');
  const ownName = 'name' in content && typeof content.name === 'string' ? content.name : 'file';
  const form = new FormData();
  // The part type of a Blob has a different name in each library of types, hence the cast.
  form.append('file', new Blob([content as Blob], { type }), name ?? ownName);
  return form;
}

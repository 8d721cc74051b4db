import { GenlockError } from '../../domain/error.ts';
import type { Json } from '../../domain/json.ts';

/** A file that came in a part of its own. */
export class FilePart {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export type Given = Json | FilePart | readonly (Json | FilePart)[];

/** A body before it is checked: the same for JSON and for multipart, only that text is all that multipart has beside files. */
export interface CreateBody {
  readonly values: ReadonlyMap<string, Given>;
  readonly fromText: boolean;
}

export function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}

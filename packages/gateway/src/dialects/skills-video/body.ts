import { GenlockError } from '../../domain/error.ts';
import type { Json } from '../../domain/json.ts';

/** A file that was sent as a part of the form. */
export class FilePart {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export type Given = Json | FilePart | readonly (Json | FilePart)[];

/** A body before it is checked. The same for JSON and multipart, except that multipart has only text besides files. */
export interface CreateBody {
  readonly values: ReadonlyMap<string, Given>;
  readonly fromText: boolean;
}

export function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}

import { Connection } from './connection.ts';

export interface NamedFile {
  readonly id: string;
  readonly blob: string;
  readonly bytes: number;
}

const PAGE = 1_000;

/** Looks through the assets of a database that some gateway may be working on, a page at a time. */
export class AssetFiles {
  readonly #db: Connection;

  constructor(path: string) {
    this.#db = new Connection({ path, readOnly: true });
  }

  /** Assets that are to be there at `now`, after this id. */
  after(id: string, now: number): readonly NamedFile[] {
    return this.#db.all<NamedFile>(
      'SELECT id, blob, bytes FROM assets WHERE id > ? AND expires_at > ? ORDER BY id LIMIT ?',
      id,
      now,
      PAGE,
    );
  }

  isNamed(blob: string): boolean {
    return this.#db.get('SELECT 1 FROM assets WHERE blob = ?', blob) !== undefined;
  }

  close(): void {
    this.#db.close();
  }
}

import { Connection } from './connection.ts';

export interface NamedFile {
  readonly id: string;
  readonly blob: string;
  readonly bytes: number;
}

const PAGE = 1_000;

/** Reads the assets of a database page by page, also while a gateway is using it. */
export class AssetFiles {
  readonly #db: Connection;

  constructor(path: string) {
    this.#db = new Connection({ path, readOnly: true });
  }

  /** Assets after this id that have not expired at `now`. */
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

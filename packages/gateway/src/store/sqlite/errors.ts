import { GenlockError } from '../../domain/error.ts';

/*
 * Result codes that report a failure of the storage and not of the statement, so that the operation may succeed later: BUSY, LOCKED, NOMEM,
 * READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB (https://sqlite.org/rescode.html).
 */
const STORAGE_CODES: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26]);

/** Whether the storage failed, independently of the operation. */
export function isStorageFailure(thrown: unknown): boolean {
  if (thrown instanceof GenlockError) return thrown.code === 'storage_unavailable';
  if (!(thrown instanceof Error)) return false;
  if ('errcode' in thrown && typeof thrown.errcode === 'number')
    return STORAGE_CODES.has(thrown.errcode & 0xff);
  return 'code' in thrown && thrown.code === 'ERR_INVALID_STATE';
}

export function toGenlockError(thrown: unknown): GenlockError {
  return GenlockError.from(thrown, isStorageFailure(thrown) ? 'storage_unavailable' : 'internal_error');
}

export function unavailable(why: string, cause?: unknown): GenlockError {
  return new GenlockError('storage_unavailable', undefined, { raw: why, cause });
}

import type { AttemptStore } from '../../port.ts';
import { attempts, flaggedAttempts } from '../reads/attempts.ts';
import type { StoreFile } from '../store-file.ts';

export function attemptStore(file: StoreFile): AttemptStore {
  return {
    attempts: (generationId) => file.read((db) => attempts(db, generationId)),
    flaggedAttempts: (outcome, limit, cursor) =>
      file.read((db) => flaggedAttempts(db, outcome, limit, cursor)),
    resolveAttempt: (command) => file.write('resolveAttempt', command),
  };
}

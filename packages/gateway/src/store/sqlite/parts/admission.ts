import type { AdmissionStore } from '../../port.ts';
import { prepareAdmit, rehearseAdmit } from '../operations/admit.ts';
import { findIdempotency } from '../operations/idempotency.ts';
import type { StoreFile } from '../store-file.ts';

export function admissionStore(file: StoreFile): AdmissionStore {
  return {
    async admit(command) {
      const result = await file.write('admit', prepareAdmit(command));
      // Inline work already has its worker, so it wakes none.
      if (result.kind === 'admitted' && (command.start === undefined || command.deliveries.length > 0))
        file.tell({ kind: 'work' });
      return result;
    },
    rehearseAdmit: (command) => file.read((db) => rehearseAdmit(db, command)),
    idempotencyRecord: (digest, now) => file.read((db) => findIdempotency(db, digest, now)),
  };
}

import type { Status } from '../../../domain/generation.ts';
import type { WorkStore } from '../../port.ts';
import { nextDue } from '../reads/next-due.ts';
import { toAttempt } from '../rows/attempts.ts';
import { toGeneration } from '../rows/generations.ts';
import type { StoreFile } from '../store-file.ts';

export function workStore(file: StoreFile): WorkStore {
  const changed = (generationId: string, status: Status): void =>
    file.tell({ kind: 'changed', generationId, status });
  return {
    async claim(command) {
      const claimed = await file.write('claim', command);
      for (const { generation, started } of claimed) if (started) changed(generation.id, generation.status);
      return claimed.map(({ generation, attempts, started }) => ({
        generation: toGeneration(generation),
        attempts: attempts.map(toAttempt),
        started,
      }));
    },
    renewLeases: (worker, leaseUntil, generationIds) =>
      file.write('renewLeases', { worker, leaseUntil, generationIds }),
    async releaseLeases(worker, now) {
      await file.write('releaseLeases', { worker, now });
      file.tell({ kind: 'work' });
    },
    async beginAttempt(command) {
      const begun = await file.write('beginAttempt', command);
      if (begun && (command.deliveries?.length ?? 0) > 0) file.tell({ kind: 'work' });
      return begun;
    },
    noteUpstreamId: (lease, n, upstreamId, lostCalls = 0) =>
      file.write('noteUpstreamId', { lease, n, upstreamId, lostCalls }),
    async noteProgress(lease, progress) {
      const noted = await file.write('noteProgress', { lease, progress });
      if (noted) changed(lease.generationId, 'running');
      return noted;
    },
    async postpone(command) {
      const postponed = await file.write('postpone', command);
      if (postponed) file.tell({ kind: 'work' });
      return postponed;
    },
    async settle(command) {
      const result = await file.write('settle', command);
      if (result.kind === 'settled') {
        changed(command.generationId, command.outcome.status);
        if (command.deliveries.length > 0) file.tell({ kind: 'work' });
      }
      return result;
    },
    nextDue: (what) => file.read((db) => nextDue(db, what)),
  };
}

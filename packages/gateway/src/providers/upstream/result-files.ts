import { GenlockError } from '../../domain/error.ts';
import type { Delivered, Output } from '../port.ts';

/**
 * The files of one order. Those that cannot be had, however patiently they were asked for, keep nobody from the others: they were made
 * and may have to be paid, so the operator is told of them.
 *
 * @throws GenlockError what the first one failed with, where none came
 */
export async function filesFrom(
  fetches: readonly (Output | Promise<Output>)[],
): Promise<Pick<Delivered, 'outputs' | 'lostFiles'>> {
  const ended = await Promise.allSettled(fetches);
  const outputs = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const reasons: unknown[] = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (outputs.length === 0 && reasons.length > 0) throw reasons[0];
  const lostFiles = reasons.map((reason) => GenlockError.from(reason, 'upstream_timeout'));
  return { outputs, ...(lostFiles.length > 0 && { lostFiles }) };
}

import { GenlockError } from '../../domain/error.ts';
import type { Delivered, Output } from '../port.ts';

/**
 * The files of one order. If some cannot be fetched even after many tries, the others are still delivered. The missing ones were made and
 * may have to be paid, so they are reported to the operator.
 *
 * @throws GenlockError the error of the first file, if none could be fetched
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

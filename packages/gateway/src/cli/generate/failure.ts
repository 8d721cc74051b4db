import type { AnyGenerationError } from '@genlock/client';
import type { Explanation } from '../explain/explanation.ts';
import { adviceWords, chargeWords } from '../explain/words.ts';
import { fields } from '../output.ts';
import type { Access } from './access.ts';
import { flagOf } from './flags.ts';

/** What a repeated call needs so that an order is paid only once. */
export interface OrderOnce {
  readonly idempotencyKey: string;
  /** The sources as they were ordered. Uploaded files now have ids; uploading them again would make a different order. */
  readonly images: readonly string[];
}

/** The flags that make a second call the same order as the first. */
export function againFlags({ idempotencyKey, images }: OrderOnce): string {
  return [`--idempotency-key ${idempotencyKey}`, ...images.map((image) => `--image ${image}`)].join(' ');
}

/** A failure for people: what happened, what to do next, and what it cost. */
export function failureText(
  error: AnyGenerationError,
  { ownAccount }: Pick<Access, 'ownAccount'>,
  once: OrderOnce | undefined,
): string {
  const { code, message, generationId, requestId, advice } = error;
  const told = generationId !== null && error.status !== 409 ? 'job' : 'response';
  const explanation: Explanation = { error, told, row: undefined, seen: true };
  const lines: [string, string][] = [
    ['do', nextStep(explanation)],
    ['charged', chargeWords(explanation)],
  ];
  if (advice === 'top_up' && ownAccount !== undefined)
    lines.push(['top up', `genlock credits top-up ${ownAccount} 5.00`]);
  if (code === 'unauthenticated' && ownAccount !== undefined)
    lines.push(['key', 'delete cli-key.json in the data folder, and another account and key are made']);
  if (error.mayHaveBeenCharged && once !== undefined)
    lines.push(['repeat', `the same with ${againFlags(once)}: it is paid once`]);
  if (generationId !== null) lines.push(['job', generationId]);
  if (requestId !== null) lines.push(['request', requestId]);
  lines.push(['more', `genlock errors explain ${code} --dialect native`]);
  return `${code}: ${message.replace(/^native: /, '')}\n${fields(lines).replace(/^/gm, '  ')}`;
}

/** The next step in terms of this command. */
function nextStep(explanation: Explanation): string {
  const { code, advice, param } = explanation.error;
  if (code === 'idempotency_conflict')
    return 'order what was ordered under this key, to the format of --out, and with pictures by the ids that were printed then; or leave --idempotency-key out, which is a new order';
  return param !== null && advice === 'fix_input' ? `change ${flagOf(param)}` : adviceWords(explanation);
}

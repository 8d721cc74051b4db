import { llmtune } from '../dialects/llmtune.ts';
import { isObject, text } from '../json.ts';
import { rawBodySignature } from './raw-body.ts';
import { createReceiver, type Receiver } from './receiver.ts';

export type LlmtuneEvent =
  | 'training.started'
  | 'training.completed'
  | 'training.failed'
  | 'model.deployed'
  | 'batch.completed';

/** Contract section 12. `training.failed` is also sent for cancelled jobs, and `batch.completed` for any end of a batch. */
export function llmtuneReceiver({
  signatureHeader = 'x-webhook-signature',
}: {
  readonly signatureHeader?: string;
} = {}): Receiver<'llmtune', LlmtuneEvent> {
  const { signed, ...signature } = rawBodySignature(signatureHeader);
  return createReceiver({
    dialect: llmtune,
    events: {
      'training.started': 'started',
      'training.completed': 'succeeded',
      'training.failed': 'failed',
      'model.deployed': null,
      'batch.completed': 'succeeded',
    },
    ...signature,
    headers: (type, _id, _nowMs, [first]) => ({ 'x-webhook-event': type, ...signed(first) }),
    open({ event, data }) {
      const name = text(event);
      if (name === undefined || !isObject(data)) return undefined;
      return { name, job: data, ...(data.status === 'cancelled' && { state: 'canceled' }) };
    },
    payload(event, { id, ...job }, _id, timestamp) {
      const named = event === 'batch.completed' ? { batchId: id, status: 'completed' } : { jobId: id };
      const error = event === 'training.failed' ? { error: 'A test.' } : {};
      return { event, data: { ...named, ...error, ...job }, timestamp };
    },
  });
}

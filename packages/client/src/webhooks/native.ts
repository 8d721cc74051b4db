import { native } from '../dialects/native.ts';
import { isObject, text } from '../json.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { standardSignature } from './standard.ts';

export type NativeEvent =
  | 'generation.created'
  | 'generation.started'
  | 'generation.succeeded'
  | 'generation.failed'
  | 'generation.canceled';

/** Genlock's own events: Standard Webhooks in form and signature. */
export function nativeReceiver(): Receiver<'native', NativeEvent> {
  return createReceiver<'native', NativeEvent>({
    dialect: native,
    events: {
      'generation.created': 'created',
      'generation.started': 'started',
      'generation.succeeded': 'succeeded',
      'generation.failed': 'failed',
      'generation.canceled': 'canceled',
    },
    ...standardSignature,
    open({ type, data }, headers) {
      const name = text(type);
      if (name === undefined || !isObject(data)) return undefined;
      return { name, id: headers.get('webhook-id') ?? undefined, job: data };
    },
    payload(type, job, _id, timestamp) {
      const state = type.split('.')[1];
      const status = state === 'created' ? 'queued' : state === 'started' ? 'running' : state;
      const error = state === 'failed' ? { code: 'upstream_failed', message: 'A test.' } : null;
      return { type, timestamp, data: { object: 'generation', status, error, ...job } };
    },
  });
}

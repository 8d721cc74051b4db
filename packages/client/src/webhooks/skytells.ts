import { skytells } from '../dialects/skytells.ts';
import { isObject, text } from '../json.ts';
import { rawBodySignature } from './raw-body.ts';
import { createReceiver, type Receiver } from './receiver.ts';

export type SkytellsEvent =
  | 'prediction.started'
  | 'prediction.succeeded'
  | 'prediction.failed'
  | 'prediction.cancelled';

/** The v1 names for the statuses of a bare prediction and for other spellings. */
const NAMES: Readonly<Record<string, SkytellsEvent>> = {
  starting: 'prediction.started',
  started: 'prediction.started',
  processing: 'prediction.started',
  succeeded: 'prediction.succeeded',
  failed: 'prediction.failed',
  cancelled: 'prediction.cancelled',
  canceled: 'prediction.cancelled',
  'prediction.canceled': 'prediction.cancelled',
};

/**
 * Contract section 8: signed with the API key that created the prediction, or with the account's secret; give both if both are in use.
 * Accepts the v1 envelope and the bare prediction.
 */
export function skytellsReceiver({
  signatureHeader = 'x-skytells-signature',
}: {
  readonly signatureHeader?: string;
} = {}): Receiver<'skytells', SkytellsEvent> {
  const { signed, ...signature } = rawBodySignature(signatureHeader);
  return createReceiver({
    dialect: skytells,
    events: {
      'prediction.started': 'started',
      'prediction.succeeded': 'succeeded',
      'prediction.failed': 'failed',
      'prediction.cancelled': 'canceled',
    },
    ...signature,
    headers: (_type, _id, _nowMs, [first]) => signed(first),
    open(payload) {
      const { type, data, status } = payload;
      const enveloped = isObject(data);
      const told = text(enveloped ? type : status);
      if (told === undefined) return undefined;
      const name = Object.hasOwn(NAMES, told) ? NAMES[told] : undefined;
      return { name: name ?? told, job: enveloped ? data : payload };
    },
    payload(type, job, _id, created_at) {
      const failed = type === 'prediction.failed';
      const error = failed ? 'A test.' : null;
      return { type, created_at, data: { status: type.split('.')[1], output: null, error, ...job } };
    },
  });
}

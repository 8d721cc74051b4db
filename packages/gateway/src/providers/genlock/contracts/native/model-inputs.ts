import type { ProviderCall } from '../../../port.ts';
import type { Line } from '../../line.ts';
import { type ModelInputs, readModel } from './replies.ts';

/** Changes of a price or a limit at the upstream are noticed within this time. */
const GOOD_FOR_MS = 10 * 60 * 1000;

interface Known {
  readonly inputs: Promise<ModelInputs>;
  readonly until: number;
}
const known = new WeakMap<Line, Map<string, Known>>();

/** The inputs of a call's model as the server describes them. @throws GenlockError `model_misconfigured` if there is no such model */
export async function modelInputs(line: Line, call: ProviderCall): Promise<ModelInputs> {
  const models = known.get(line) ?? new Map<string, Known>();
  known.set(line, models);
  const earlier = models.get(call.model);
  if (earlier !== undefined && earlier.until > Date.now()) return earlier.inputs;
  const inputs = line
    .ask({ method: 'GET', path: `/models/${encodeURIComponent(call.model)}` }, call)
    .then(({ body }) => readModel(body).input_schema.properties);
  models.set(call.model, { inputs, until: Date.now() + GOOD_FOR_MS });
  inputs.catch(() => models.delete(call.model));
  return inputs;
}

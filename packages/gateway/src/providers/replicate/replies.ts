import Type, { type Static } from 'typebox';
import { replyReader } from '../upstream/reply.ts';

const prediction = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  status: Type.Optional(Type.String()),
  output: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.Unknown()),
  logs: Type.Optional(Type.Unknown()),
  metrics: Type.Optional(Type.Unknown()),
});

export type Prediction = Static<typeof prediction>;

export const readOrdered = replyReader(prediction, true);
export const readPrediction = replyReader(prediction, false);
export const readUpload = replyReader(
  Type.Object({ urls: Type.Object({ get: Type.String({ pattern: '^https?://' }) }) }),
  false,
);

/** The percentage in a prediction's logs: models that count their steps print a progress bar, and its last line counts. */
export function percentIn(logs: unknown): number | undefined {
  if (typeof logs !== 'string') return undefined;
  const last = [...logs.slice(-4_000).matchAll(/\b(\d{1,3})%\s*\|/g)].at(-1);
  return last === undefined ? undefined : Math.min(100, Number(last[1]));
}

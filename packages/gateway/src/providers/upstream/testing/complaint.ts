import type { CanonicalCode } from '@genlock/contracts';
import { type FailureTable, failureOf } from '../failure.ts';

/** `route_down`: misconfigured, whatever is sent there. */
type Meaning = CanonicalCode | 'route_down';
type Accepted = 'no' | 'maybe' | 'yes';

/** An answer of an upstream that is no success, what it means, and whether the work was taken on. */
export type Complaint = readonly [
  name: string,
  answer: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  },
  meaning: Meaning,
  accepted: Accepted,
];

/** What an error table makes of the answer to a paid order. */
export function meaningOf(
  { status, headers = {}, body }: Complaint[1],
  failures: FailureTable,
): readonly [Meaning, Accepted | undefined] {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const { code, detail } = failureOf({ status, headers, body: bytes }, failures, true);
  const down = code === 'model_misconfigured' && detail.routeDown === true;
  return [down ? 'route_down' : code, detail.accepted];
}

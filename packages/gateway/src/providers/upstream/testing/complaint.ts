import type { CanonicalCode } from '@genlock/contracts';
import { type FailureTable, failureOf } from '../failure.ts';

/** `route_down`: misconfigured, so that every call fails. */
type Meaning = CanonicalCode | 'route_down';
type Accepted = 'no' | 'maybe' | 'yes';

/** An error answer of an upstream, its meaning, and whether the work was accepted. */
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

/** The meaning that an error table gives the answer to a paid order. */
export function meaningOf(
  { status, headers = {}, body }: Complaint[1],
  failures: FailureTable,
): readonly [Meaning, Accepted | undefined] {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const { code, detail } = failureOf({ status, headers, body: bytes }, failures, true);
  const down = code === 'model_misconfigured' && detail.routeDown === true;
  return [down ? 'route_down' : code, detail.accepted];
}

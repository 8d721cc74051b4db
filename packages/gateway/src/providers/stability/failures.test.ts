import { expect, it } from 'vitest';
import { failureOf } from '../upstream/failure.ts';
import { failures } from './failures.ts';
import { complaints } from './testing/replies.ts';

it.each(complaints)(
  'an answer that is no success is read: %s',
  (_, { status, headers = {}, body }, code, accepted) => {
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
    const error = failureOf({ status, headers, body: bytes }, failures, true);
    const down = error.code === 'model_misconfigured' && error.detail.routeDown === true;
    expect([down ? 'route_down' : error.code, error.detail.accepted]).toEqual([code, accepted]);
  },
);

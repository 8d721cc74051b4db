import {
  type Behaviour,
  drop,
  dropAfterWork,
  hang,
  refuse,
  refuseAfterWork,
  truncate,
  well,
} from './bad-server.ts';

/** A way in which one logical call can go wrong; after that the server works. */
export interface Scenario {
  readonly name: string;
  readonly behaviours: readonly Behaviour[];
  /** Number of connections that are closed before anything is read from them. */
  readonly closed?: number;
}

const HTML = '<html><h1>Bad gateway</h1></html>';
const LIMITED = { error: 'rate_limit_exceeded', message: 'Too many requests.' };
const limited = (headers: Readonly<Record<string, string>>, hint: object = {}): Behaviour =>
  refuse(429, { ...LIMITED, ...hint }, headers);
/** Computed when the call arrives, so that the wait is at most a second. */
const limitedUntil: Behaviour = (...call) =>
  limited({ 'retry-after': new Date(Date.now() + 1000).toUTCString() })(...call);
const always = (behaviour: Behaviour): readonly Behaviour[] => Array(9).fill(behaviour);

/** The scenarios of the comparison in docs/client.md, in order. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'nothing goes wrong', behaviours: [well] },
  { name: 'the connection is closed before the order is read', behaviours: [], closed: 1 },
  { name: 'the connection breaks before the work', behaviours: [drop] },
  { name: 'the connection breaks after the work', behaviours: [dropAfterWork] },
  { name: 'it breaks after the work, twice', behaviours: [dropAfterWork, dropAfterWork] },
  { name: 'half of the answer comes', behaviours: [truncate] },
  { name: 'no answer comes in time, but the work is done', behaviours: [hang] },
  { name: '429, `Retry-After` in seconds', behaviours: [limited({ 'retry-after': '1' })] },
  { name: '429, `Retry-After` as a date', behaviours: [limitedUntil] },
  { name: '429, `retry-after-ms`', behaviours: [limited({ 'retry-after-ms': '20' })] },
  { name: '429, the wait in the body', behaviours: [limited({}, { retryAfter: 1 })] },
  { name: '429, no word of how long', behaviours: [limited({})] },
  { name: '500, before the work', behaviours: [refuse(500, '')] },
  { name: '500, after the work', behaviours: [refuseAfterWork(500, '')] },
  { name: '502 of a proxy (HTML), after the work', behaviours: [refuseAfterWork(502, HTML)] },
  {
    name: 'the same, twice',
    behaviours: [refuseAfterWork(502, HTML), refuseAfterWork(502, HTML)],
  },
  {
    name: '503, `Retry-After`, after the work',
    behaviours: [refuseAfterWork(503, '', { 'retry-after': '1' })],
  },
  { name: '504 of a proxy, after the work', behaviours: [refuseAfterWork(504, HTML)] },
  { name: '500 after the work, every time', behaviours: always(refuseAfterWork(500, '')) },
  {
    name: 'a redirect (303) to a host that is gone, after the work',
    behaviours: [refuseAfterWork(303, '', { location: 'http://127.0.0.1:1/' })],
  },
  {
    name: 'a redirect (303) to what was made, which is busy',
    behaviours: [
      refuseAfterWork(303, '', { location: '/v1/generations/gen_1' }),
      refuse(429, '', { 'retry-after': '0' }),
    ],
  },
  { name: '429, then the connection breaks after the work', behaviours: [limited({}), dropAfterWork] },
];

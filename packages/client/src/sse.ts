import { parseJson } from './json.ts';

/** A stream tells its failure at the end, and what only looks like one may have millions of events. */
const MAX_EVENTS = 1000;

/** All JSON values in a text: itself, or the data of the last events where it is a stream of them, complete or cut off. */
export function jsonIn(source: string): readonly unknown[] {
  const whole = parseJson(source);
  if (whole !== undefined) return [whole];
  const events = source.split(/\r\n\r\n|\n\n|\r\r/).slice(-MAX_EVENTS);
  return events.flatMap((event) => {
    const data = event
      .split(/\r\n|\n|\r/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trim())
      .join('\n');
    const value = parseJson(data);
    return value === undefined ? [] : [value];
  });
}

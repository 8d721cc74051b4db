import { parseJson } from './json.ts';

/**
 * Only the last events count, because a stream reports its failure at the end. Limited, because text that merely looks like a stream may
 * have millions of events.
 */
const MAX_EVENTS = 1000;

/** All JSON values in a text: the text itself or, if it is an event stream, the data of its last events, complete or cut off. */
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

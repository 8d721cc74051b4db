import { parseJson } from './json.ts';

/** All JSON values in a text: itself, or the data of each event where it is a stream of server-sent events, complete or cut off. */
export function jsonIn(source: string): readonly unknown[] {
  const whole = parseJson(source);
  if (whole !== undefined) return [whole];
  return source.split(/\r\n\r\n|\n\n|\r\r/).flatMap((event) => {
    const data = event
      .split(/\r\n|\n|\r/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trim())
      .join('\n');
    const value = parseJson(data);
    return value === undefined ? [] : [value];
  });
}

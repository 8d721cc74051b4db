import Type, { type TSchema } from 'typebox';
import { duration, headers, headerText, url } from '../../config/fields.ts';
import { parseDuration } from '../../config/units.ts';
import type { JsonObject } from '../../domain/json.ts';
import { createUpstream, type Upstream } from './upstream.ts';

/** Settings that most upstreams have. `timeout` is for one call, not for a job. */
const upstreamSettings = {
  timeout: Type.Optional(
    duration(
      'How long to wait for the answer to one call, and between two pieces of an answer.',
      '3m',
      '1s',
      '1h',
    ),
  ),
  headers: Type.Optional(headers('Headers that are sent with every call.')),
  parameters: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'Members that are added to every order, such as a quality. They override what Genlock sends; null removes a member.',
    }),
  ),
};

export const baseUrl = (example: string): TSchema => url('Address of the API, with its version.', example);
export const apiKey = (example: string): TSchema =>
  headerText('The API key. Keep it in the environment.', example);

/** A closed schema of settings. */
export function settingsOf<Properties extends Readonly<Record<string, TSchema>>>(
  description: string,
  properties: Properties,
) {
  return Type.Object({ ...properties, ...upstreamSettings }, { description, additionalProperties: false });
}

const DEFAULT_TIMEOUT_MS = 3 * 60 * 1000;

/** The settings that any upstream may have, checked against {@link upstreamSettings}. */
export interface CommonSettings {
  readonly timeout?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly parameters?: JsonObject;
}

/** Opens the upstream of these settings. `credentials` are headers that the operator's own headers cannot override. */
export function openUpstream(
  { timeout, headers }: CommonSettings,
  url: string,
  credentials: Readonly<Record<string, string>>,
): Upstream {
  const timeoutMs = (timeout === undefined ? undefined : parseDuration(timeout)) ?? DEFAULT_TIMEOUT_MS;
  return createUpstream({ baseUrl: url, headers: { ...lowerCase(headers), ...credentials }, timeoutMs });
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

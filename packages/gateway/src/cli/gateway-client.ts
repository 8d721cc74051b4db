import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programVersion } from '../server/version.ts';
import { CommandFailure } from './failure.ts';

/** Where the gateway is, and how to authenticate. */
export interface GatewayFlags {
  readonly url?: string;
  readonly data: string;
  readonly json: boolean;
}

export const DEFAULT_URL = 'http://127.0.0.1:4010';
const TIMEOUT_MS = 30_000;

/** A refusal by the gateway, with its canonical code if there was one. */
export class Refusal extends CommandFailure {
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** Calls the admin API of a running gateway. @throws CommandFailure with a readable message if it refuses or cannot be reached */
export async function callGateway<Answer>(
  flags: GatewayFlags,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  const url = findUrl(flags);
  const token = findToken(flags);
  const response = await fetch(`${url}/admin/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'user-agent': `genlock-cli/${programVersion()}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new CommandFailure(unreachable(url, error));
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Refusal(refusal(url, response.status, answer), codeIn(answer));
  return answer as Answer;
}

/** `--url`, else the address that the gateway of the data folder wrote there, else the default address. */
function findUrl({ url, data }: GatewayFlags): string {
  return url?.replace(/\/+$/, '') ?? gatewayOf(data)?.url ?? DEFAULT_URL;
}

/** The gateway that runs on a data folder, according to the file that it wrote there; undefined if none runs. */
export function gatewayOf(data: string): { readonly url: string; readonly emulator: boolean } | undefined {
  const file = read(join(data, 'gateway.json'));
  try {
    const { url, emulator } = JSON.parse(file ?? '{}');
    if (typeof url !== 'string') return undefined;
    const reachable = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
    return { url: reachable, emulator: emulator === true };
  } catch {
    // Only partly written: the gateway is just starting.
    return undefined;
  }
}

function findToken({ data }: GatewayFlags): string {
  const token = process.env.GENLOCK_ADMIN_TOKEN?.trim() || read(join(data, 'admin-token'))?.trim();
  if (token) return token;
  throw new CommandFailure(
    `no admin token: there is none in ${join(data, 'admin-token')}. Start a gateway here with "genlock serve", name its data folder with --data, or set GENLOCK_ADMIN_TOKEN.`,
  );
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CommandFailure(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** @param error the error that `fetch` threw */
export function unreachable(url: string, error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `the gateway on ${url} did not answer within ${TIMEOUT_MS / 1000} s`;
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return `no gateway answers on ${url} (${cause?.code ?? (error as Error).message}). Start one with "genlock serve", or say where it is with --url or --data.`;
}

function codeIn(answer: unknown): string | undefined {
  const { code } = (answer ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

function refusal(url: string, status: number, answer: unknown): string {
  const { detail, param } = (answer ?? {}) as { detail?: unknown; param?: unknown };
  if (status === 401)
    return `the gateway on ${url} does not take this admin token. Name its data folder with --data, or set GENLOCK_ADMIN_TOKEN.`;
  if (typeof detail !== 'string') return `what answers on ${url} is no Genlock gateway (status ${status})`;
  return typeof param === 'string' ? `${param}: ${detail}` : detail;
}

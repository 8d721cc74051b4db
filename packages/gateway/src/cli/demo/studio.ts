import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../../server/start.ts';
import { silentLog } from '../../telemetry/log.ts';

/** A throw-away gateway: an emulator on a free loopback port, with its data in a temporary folder. */
export interface Studio {
  readonly url: string;
  /** A call of the admin API. @throws Error on an error answer */
  admin<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  /** Stops the gateway and deletes all its data. */
  close(): Promise<void>;
}

export async function openStudio(scratch = tmpdir()): Promise<Studio> {
  const dataDir = await mkdtemp(join(scratch, 'genlock-demo-'));
  // For exits that do not go through `close`.
  const sweep = (): void => rmSync(dataDir, { recursive: true, force: true });
  process.on('exit', sweep);
  const leave = async (): Promise<void> => {
    await rm(dataDir, { recursive: true, force: true });
    process.off('exit', sweep);
  };

  try {
    // No environment, so that the demo cannot use the database or the token of a real gateway.
    const gateway = await startGateway({ dataDir, port: 0, emulator: true, env: {}, log: silentLog });
    return {
      url: gateway.url,
      admin: <Answer>(method: string, path: string, body?: object) =>
        admin<Answer>(gateway.url, gateway.adminToken, method, path, body),
      close: () => gateway.close(0).finally(leave),
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

async function admin<Answer>(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${url}/admin/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`admin ${method} ${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { launch, type Outcome, type Running, run } from '../testing.ts';

/* What the tests of `genlock generate` share. */

/** An image that is quick to make. */
export const SMALL = ['--size', '256x256'];

interface Own {
  readonly id: string;
  readonly orders: number;
  /** In dollars. */
  readonly charged: number;
}

const NOBODY: Own = { id: 'nobody', orders: 0, charged: 0 };

/** Runs the command beside an emulator that lives as long as the tests of a file, in a new folder for each test. */
export function besideEmulator() {
  let gateway: TestGateway;
  let folder: string;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close(0));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genlock-generate-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const command = (args: readonly string[]) => ['generate', ...args, '--data', gateway.dataDir];
  const generate = (...args: string[]): Promise<Outcome> => run(command(args), { cwd: folder });
  const keyFile = () => join(gateway.dataDir, 'cli-key.json');

  /** The account that the command opened for itself, if it did, as the operator sees it. */
  async function own(): Promise<Own> {
    if (!existsSync(keyFile())) return NOBODY;
    const { account } = JSON.parse(await readFile(keyFile(), 'utf8'));
    type Ledger = { data: { type: string; usd: string }[]; next_cursor: string | null };
    const { body } = await gateway.admin<Ledger>('GET', `/accounts/${account}/ledger`);
    expect(body.next_cursor).toBeNull();
    const { data } = body;
    const of = (type: string) => data.filter((one) => one.type === type);
    return {
      id: account,
      orders: of('hold').length,
      charged: of('capture').reduce((sum, { usd }) => sum + Number(usd), 0),
    };
  }

  /** Runs the command and expects success. */
  async function done(...args: string[]): Promise<Outcome> {
    const outcome = await generate(...args);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    return outcome;
  }

  /** Runs the command, expects a refusal that costs nothing, and returns its message. */
  async function refused(...args: string[]): Promise<string> {
    const before = await own();
    const { code, stdout, stderr } = await generate(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect((await own()).charged).toBe(before.charged);
    return stderr;
  }

  return {
    ...{ command, generate, own, done, refused, keyFile },
    gateway: () => gateway,
    folder: () => folder,
    start: (...args: string[]): Running => launch(command(args), { cwd: folder }),
    file: (name: string) => readFile(join(folder, name)),
  };
}

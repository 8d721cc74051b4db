import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dialectModules } from '../dialects/index.ts';
import { silentLog } from '../telemetry/log.ts';
import { openConfig } from './config-source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('warns of what only holds after a restart', async () => {
  const file = join(folder, 'genlock.yaml');
  await writeFile(file, 'log: { level: info }\n');
  const told: [string, object][] = [];
  const log = {
    ...silentLog,
    info: (fields: object) => void told.push(['info', fields]),
    warn: (fields: object) => void told.push(['warn', fields]),
  };
  const modules = dialectModules;
  const source = await openConfig({ file, modules, emulator: false, env: {}, log: () => log });
  try {
    await writeFile(file, 'log: { level: warn }\n');
    await source.reload();
    await writeFile(file, 'worker: { lease: 20s }\n');
    await source.reload();
    // Changed at once, the lease would run out before it is renewed, and whoever then claims the work would fail it.
    expect(source.current().worker.leaseMs).toBe(10_000);
    await source.reload();
  } finally {
    source.close();
  }
  expect(told).toContainEqual(['info', { needsRestart: [] }]);
  expect(told.slice(-2)).toEqual(Array(2).fill(['warn', { needsRestart: ['worker.lease'] }]));
});

it('takes a file that comes only after the start, where it need not have been there', async () => {
  const file = join(folder, 'genlock.yaml');
  const told: string[] = [];
  const note = (level: string) => () => void told.push(level);
  const log = { ...silentLog, info: note('info'), error: note('error') };
  const options = { modules: dialectModules, emulator: false, env: {}, log: () => log };
  await expect(openConfig({ ...options, file })).rejects.toThrow('ENOENT');
  const source = await openConfig({ ...options, file, mayBeAbsent: true });
  try {
    await writeFile(file, 'log: { level: warn }\n');
    await source.reload();
    expect(source.current().log.level).toBe('warn');
  } finally {
    source.close();
  }
  expect(told).toEqual(['info']);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSqliteStore } from './sqlite-store.ts';
import { temporaryFile } from './testing.ts';

/** Reads acknowledged ids from the child until there are `enough`, then kills it without warning. Returns everything that it printed. */
function killAfter(child: ChildProcess, enough: number): Promise<string[]> {
  let told = '';
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      told += chunk;
      if (told.split('\n').length > enough) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      // A last line without its end may be half an id.
      if (signal === 'SIGKILL') resolve(told.split('\n').slice(0, -1));
      else reject(new Error(`the child ended by itself: ${told}`));
    });
  });
}

it('keeps every acknowledged admission and settlement through kill -9', async () => {
  const { path, remove } = temporaryFile();
  for (const enough of [1, 300, 2500]) {
    const script = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const told = await killAfter(child, enough);
    expect(told.length).toBeGreaterThanOrEqual(enough);

    const store = await openSqliteStore({ path });
    for (const line of told) {
      const [id = '', status] = line.split(' ');
      const found = (await store.generation(id))?.status;
      expect(status === 'settled' ? ['failed', 'canceled'] : ['queued', 'failed', 'canceled']).toContain(
        found,
      );
    }
    const report = await store.reconcile();
    expect(report).toMatchObject({ drift: 0, findings: [] });
    await store.close();
  }
  remove();
});

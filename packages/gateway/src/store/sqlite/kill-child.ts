import { admission, CANCELED, FAILED, fundedAccount, settlement, slot } from '../conformance/fixtures.ts';
import { openSqliteStore } from './sqlite-store.ts';

/* Admits and settles without end, and prints each id once it was acknowledged. The test kills this process. */

const run = process.hrtime.bigint().toString(36);
const store = await openSqliteStore({ path: process.argv[2] ?? '' });
const accountId = await fundedAccount(store, { subscription: 10 ** 9, permanent: 10 ** 9 }, run);

/** Waits for a slow reader, because a synchronous write to a full pipe would fail. */
function tell(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(line, () => resolve()));
}

async function work(lane: number): Promise<never> {
  for (let i = 0; ; i++) {
    const id = `gen_${run}_${lane}_${i}`;
    await store.admit(admission({ id, accountId, slots: [slot('account', 10 ** 9)] }));
    await tell(`${id} admitted\n`);
    if (i % 3 === 0) continue;
    await store.settle(settlement(id, i % 3 === 1 ? FAILED : CANCELED));
    await tell(`${id} settled\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, (_, lane) => work(lane)));

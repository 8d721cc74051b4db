import { writeSync } from 'node:fs';
import { admission, CANCELED, FAILED, fundedAccount, settlement, slot } from '../conformance/fixtures.ts';
import { openSqliteStore } from './sqlite-store.ts';

/* Admits and settles without end, and tells each id once it was acknowledged. The test kills it. */

const run = process.hrtime.bigint().toString(36);
const store = await openSqliteStore({ path: process.argv[2] ?? '' });
const accountId = await fundedAccount(store, { subscription: 10 ** 9, permanent: 10 ** 9 }, run);

async function work(lane: number): Promise<never> {
  for (let i = 0; ; i++) {
    const id = `gen_${run}_${lane}_${i}`;
    await store.admit(admission({ id, accountId, slots: [slot('account', 10 ** 9)] }));
    writeSync(1, `${id} admitted\n`);
    if (i % 3 === 0) continue;
    await store.settle(settlement(id, i % 3 === 1 ? FAILED : CANCELED));
    writeSync(1, `${id} settled\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, (_, lane) => work(lane)));

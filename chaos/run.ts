import { parseArgs } from 'node:util';
import { playRound, type Round } from './round.ts';
import { isClean, renderRound } from './table.ts';

const HELP = `Usage: npm run chaos -- [options]

Kills a gateway of its own again and again while customers order in every dialect, upstreams lie and webhook receivers
fail; then holds every promise against what can be seen from outside. Exits 1 when one was broken.

  --seed <n>         the same seed gives the same orders, fates and kills (default: a new one, which is printed)
  --orders <n>       orders of one round (default 300)
  --kills <n>        SIGKILLs of one round (default 20)
  --concurrency <n>  customers at a time (default 24)
  --minutes <n>      round after round, with seeds that count up, for so long (default: one round)
  --help

Example: a hundred kills
  npm run chaos -- --kills 100 --orders 2000
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    orders: { type: 'string', default: '300' },
    kills: { type: 'string', default: '20' },
    concurrency: { type: 'string', default: '24' },
    minutes: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    console.error(`--${name}: expected a whole number, found "${text}"`);
    process.exit(2);
  }
  return Number(text);
}

if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const first = whole('seed', values.seed ?? String(Date.now() % 1_000_000));
const until = Date.now() + whole('minutes', values.minutes) * 60_000;
const sums = { rounds: 0, orders: 0, kills: 0, broken: 0 };

for (let seed = first; sums.rounds === 0 || Date.now() < until; seed += 1) {
  const round: Round = await playRound({
    seed,
    orders: whole('orders', values.orders),
    kills: whole('kills', values.kills),
    concurrency: whole('concurrency', values.concurrency),
    progress: (text) => process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  console.log(`${renderRound(round)}\n`);
  sums.rounds += 1;
  sums.orders += round.orders.length;
  sums.kills += round.kills;
  if (!isClean(round)) sums.broken += 1;
}

console.log(
  `${sums.rounds} rounds, ${sums.orders} orders, ${sums.kills} kills: ${sums.broken === 0 ? 'every promise was kept' : `${sums.broken} rounds with broken promises`}`,
);
process.exit(sums.broken === 0 ? 0 : 1);

import { parseArgs } from 'node:util';
import { type DeploymentOptions, playAgainst } from './deployment.ts';
import { playRound, type RoundOptions } from './round.ts';
import { isClean, renderRound } from './table.ts';

const HELP = `Usage: npm run chaos -- [options]

Kills a gateway of its own again and again while customers order in every dialect, upstreams lie and webhook receivers
fail; then holds every promise against what can be seen from outside. Exits 1 when one was broken.

  --seed <n>         the same seed gives the same orders, fates and kills (default: a new one, which is printed)
  --orders <n>       orders of one round, or more, until all kills are done (default 300)
  --kills <n>        SIGKILLs of one round (default 20)
  --concurrency <n>  customers at a time (default 24)
  --minutes <n>      round after round, with seeds that count up, for so long (default: one round)
  --help

Against a gateway of yours (GENLOCK_ADMIN_TOKEN in the environment), whose upstreams and receivers are left alone:
  --url <url>        where it is; it gets an account of its own with keys for every dialect
  --live             order with live keys, which costs what its routes cost; without it, test keys, which are free
  --kill <command>   how to kill it, --kills times; its own supervisor has to start it again

Examples:
  npm run chaos -- --kills 100 --orders 2000
  npm run chaos -- --url http://127.0.0.1:4010 --kill 'systemctl kill -s KILL genlock' --kills 10
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    orders: { type: 'string', default: '300' },
    kills: { type: 'string', default: '20' },
    concurrency: { type: 'string', default: '24' },
    minutes: { type: 'string', default: '0' },
    url: { type: 'string' },
    live: { type: 'boolean', default: false },
    kill: { type: 'string' },
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

function deployment(url: string, options: RoundOptions): DeploymentOptions {
  const adminToken = process.env.GENLOCK_ADMIN_TOKEN;
  if (!adminToken) {
    console.error('--url needs the admin token of that gateway in GENLOCK_ADMIN_TOKEN');
    process.exit(2);
  }
  const shop = { url: url.replace(/\/+$/, ''), adminToken };
  return { ...options, shop, mode: values.live ? 'live' : 'test', kill: values.kill };
}

if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const first = whole('seed', values.seed ?? String(Date.now() % 1_000_000));
const until = Date.now() + whole('minutes', values.minutes) * 60_000;
const sums = { rounds: 0, orders: 0, kills: 0, broken: 0 };

for (let seed = first; sums.rounds === 0 || Date.now() < until; seed += 1) {
  const options: RoundOptions = {
    seed,
    orders: whole('orders', values.orders),
    kills: whole('kills', values.kills),
    concurrency: whole('concurrency', values.concurrency),
    progress: (text) => process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`),
  };
  const round =
    values.url === undefined ? await playRound(options) : await playAgainst(deployment(values.url, options));
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

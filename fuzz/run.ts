import { parseArgs } from 'node:util';
import { playRound } from './round.ts';
import { isClean, renderRound } from './table.ts';

const HELP = `Usage: npm run fuzz -- [options]

Reads the OpenAPI documents that a gateway serves, makes requests of them, bends them in every way that a hostile client might,
and holds the answers against what is promised: no 5xx that was not asked for, no hang, errors in the shape of their API, no
secret told, nothing without a key, sound books afterwards. Exits 1 when something was found; each finding comes with a command
that sends it again.

  --seed <n>         the same seed makes the same requests (default: a new one, which is printed)
  --requests <n>     how many (default 10000)
  --concurrency <n>  connections (default 64)
  --case <n>         only this case of the seed; may be given again
  --url <url>        a running gateway instead of one of its own. One to throw away: its accounts, models and settings are changed
  --help

With --url, the admin token is taken from GENLOCK_ADMIN_TOKEN.
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    requests: { type: 'string', default: '10000' },
    concurrency: { type: 'string', default: '64' },
    case: { type: 'string', multiple: true },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function whole(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) fail(`--${name}: expected a whole number, found "${text}"`);
  return Number(text);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const { GENLOCK_ADMIN_TOKEN: adminToken } = process.env;
if (values.url !== undefined && !adminToken) fail('--url: GENLOCK_ADMIN_TOKEN has to be set');
const clear = (): void => void (process.stderr.isTTY && process.stderr.write('\r\u001b[K'));

const round = await playRound({
  seed: whole('seed', values.seed ?? String(Date.now() % 1_000_000)),
  requests: whole('requests', values.requests),
  concurrency: whole('concurrency', values.concurrency),
  ...(values.case && { cases: values.case.map((text) => whole('case', text)) }),
  ...(values.url !== undefined &&
    adminToken && { target: { url: values.url.replace(/\/+$/, ''), adminToken } }),
  progress: (text) => {
    clear();
    if (process.stderr.isTTY) process.stderr.write(text);
  },
});
clear();
console.log(renderRound(round));
process.exit(isClean(round) ? 0 : 1);

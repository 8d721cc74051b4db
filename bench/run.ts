import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Twin } from './bare.ts';
import { type FlatRow, measureFlatness, medianRun, serveHistory } from './flatness.ts';
import { serveGateway, withFolder } from './gateway.ts';
import type { JobsAnswer, JobsQuestion } from './jobs.ts';
import type { LoadJob, LoadResult } from './load.ts';
import { type Asker, startProcess } from './processes.ts';
import { answerTo, bytesOf, prepareScenarios, type Scenario, twinBytesOf } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    /** Generations of the large history in the last part. */
    size: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    milliseconds: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '64' },
    jobs: { type: 'string', default: '10000' },
    /** Some parts only: `http,jobs,start,flat`. */
    only: { type: 'string', default: 'http,jobs,start,flat' },
    /** Rows of the first part whose name holds this text. */
    row: { type: 'string', default: '' },
    /** For profiles: `--node-option=--cpu-prof`, handed to the gateway of the first part. */
    'node-option': { type: 'string', multiple: true, default: [] },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.milliseconds);
const connections = Number(values.connections);
const parts = new Set(values.only.split(','));

const count = (n: number): string => Math.round(n).toLocaleString('en-US');
const ms = (n: number): string => n.toFixed(2);
const percent = (n: number): string => `${Math.round(n * 100)} %`;

function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(
    `\n### ${title}\n\n| ${head.join(' | ')} |\n|${head.map((_, i) => (i === 0 ? '---|' : '---:|')).join('')}`,
  );
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

type Loader = Asker<LoadJob, LoadResult>;

/** Each row beside a bare program that gives the same answer to the same request, in turn. */
async function measureHttp(loader: Loader): Promise<void> {
  await withFolder(async (dataDir) => {
    const gateway = await serveGateway({ dataDir, nodeOptions: values['node-option'] });
    const scenarios = (await prepareScenarios(gateway)).filter(({ name }) => name.includes(values.row));
    const twins: Twin[] = [];
    for (const { name, status, calls } of scenarios) {
      const [call] = calls;
      if (call === undefined) continue;
      const answer = await answerTo(gateway.port, call);
      if (answer.status !== status) throw new Error(`${name}: ${answer.status} ${answer.body}`);
      twins.push({ name, method: call.method, ...answer });
    }
    const bare = startProcess<readonly Twin[], number>('./bare-process.ts');
    const barePort = await bare.ask(twins);

    const rows: string[][] = [];
    for (const scenario of scenarios) rows.push(await measureRow(loader, scenario, barePort, gateway.port));
    print(
      'Requests, beside bare Fastify',
      ['', 'bare/s', 'p50 ms', 'p99 ms', 'Genlock/s', 'p50 ms', 'p99 ms', 'ratio', 'target'],
      rows,
    );
    await bare.stop();
    await gateway.stop();
  });
}

async function measureRow(
  loader: Loader,
  scenario: Scenario,
  barePort: number,
  port: number,
): Promise<string[]> {
  const twin = { port: barePort, connections, requests: twinBytesOf(scenario) };
  const real = { port, connections, requests: bytesOf(scenario) };
  for (const job of [twin, real]) await loader.ask({ ...job, milliseconds: 500 }); // warm
  const bareRuns: LoadResult[] = [];
  const runs: LoadResult[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bareRuns.push(await loader.ask({ ...twin, milliseconds }));
    runs.push(await loader.ask({ ...real, milliseconds }));
  }
  const bare = medianRun(bareRuns, scenario.status);
  const run = medianRun(runs, scenario.status);
  return [
    scenario.name,
    ...[bare, run].flatMap(({ perSecond, p50, p99 }) => [count(perSecond), ms(p50), ms(p99)]),
    percent(run.perSecond / bare.perSecond),
    scenario.target === undefined ? '' : `≥ ${percent(scenario.target)}`,
  ];
}

const JOBS: readonly (Pick<JobsQuestion, 'part' | 'output'> & { name: string })[] = [
  { name: 'store: claim, begin, settle', part: 'store', output: 'none' },
  { name: 'whole worker, 2 bytes of text', part: 'worker', output: 'text' },
  { name: 'whole worker, a picture that is decoded', part: 'worker', output: 'image' },
];

async function measureAllJobs(): Promise<void> {
  const jobs = Number(values.jobs);
  const rows: string[][] = [];
  for (const { name, part, output } of JOBS) {
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const process = startProcess<JobsQuestion, JobsAnswer>('./jobs-process.ts');
      const { perSecond, succeeded } = await withFolder((dataDir) =>
        process.ask({ part, output, jobs, dataDir }),
      );
      await process.stop();
      if (succeeded !== jobs) throw new Error(`${name}: ${succeeded} of ${jobs} succeeded`);
      rates.push(perSecond);
    }
    rows.push([name, count(median(rates)), part === 'store' || output === 'text' ? '≥ 5,000' : '']);
  }
  print('Claim to settle', ['', 'jobs/s', 'target'], rows);
}

const IDLE_AFTER_MS = 1_500;

async function measureStarts(): Promise<void> {
  const starts = { first: [] as number[], second: [] as number[], idle: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    await withFolder(async (dataDir) => {
      const first = await serveGateway({ dataDir, worker: true });
      await first.stop();
      const second = await serveGateway({ dataDir, worker: true });
      await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS));
      starts.idle.push((await second.residentBytes()) / 1024 / 1024);
      await second.stop();
      starts.first.push(first.readyMs);
      starts.second.push(second.readyMs);
    });
  }
  print(
    'Start',
    ['', 'median', 'target'],
    [
      ['ready, on an empty folder', `${Math.round(median(starts.first))} ms`, '< 1,000 ms'],
      ['ready, on data that is there', `${Math.round(median(starts.second))} ms`, '< 1,000 ms'],
      ['resident memory when idle', `${Math.round(median(starts.idle))} MB`, '< 150 MB'],
    ],
  );
}

const SMALL = 10_000;

async function measureFlat(loader: Loader): Promise<void> {
  const size = Number(values.size);
  await withFolder((smallDir) =>
    withFolder(async (largeDir) => {
      const small = await serveHistory(smallDir, SMALL);
      const large = await serveHistory(largeDir, size);
      const flat = await measureFlatness(small, large, (job) => loader.ask(job), {
        rounds,
        milliseconds,
        connections,
      });
      print(
        `Reads at ${count(SMALL)} and at ${count(size)} generations`,
        ['', `${count(SMALL)}: /s`, 'p99 ms', `${count(size)}: /s`, 'p99 ms', 'slower by', 'target'],
        flat.map(({ name, small: a, large: b }: FlatRow) => [
          name,
          count(a.perSecond),
          ms(a.p99),
          count(b.perSecond),
          ms(b.p99),
          `${(a.perSecond / b.perSecond).toFixed(2)} ×`,
          '≤ 1.5 ×',
        ]),
      );
      await small.gateway.stop();
      await large.gateway.stop();
    }),
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const loader: Loader = startProcess('./load-process.ts');
console.log(
  `Node ${process.versions.node}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ` +
    `${connections} connections, ${rounds} rounds of ${milliseconds} ms`,
);
if (parts.has('http')) await measureHttp(loader);
if (parts.has('jobs')) await measureAllJobs();
if (parts.has('start')) await measureStarts();
if (parts.has('flat')) await measureFlat(loader);
await loader.stop();

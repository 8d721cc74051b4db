import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Twin } from './bare.ts';
import { measureFanOut, streamsAllowed } from './fan-out.ts';
import { type FlatRow, measureFlatness, medianRun, serveHistory } from './flatness.ts';
import { customersOf, serveGateway, withFolder } from './gateway.ts';
import type { JobsAnswer, JobsQuestion } from './jobs.ts';
import type { Call, LoadJob, LoadResult } from './load.ts';
import { type Asker, cpuMs, residentMb, startProcess } from './processes.ts';
import type { ProvidedAnswer, ProvidedQuestion } from './provided.ts';
import { answerTo, bytesOf, PROVIDED, prepareScenarios, type Scenario, twinBytesOf } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    /** Generations in the large history of the last part. */
    size: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    milliseconds: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '64' },
    streams: { type: 'string', default: '10000' },
    /** Requests before the first round of each row, so that the measured code is compiled. */
    warm: { type: 'string', default: '3000' },
    jobs: { type: 'string', default: '10000' },
    /** The parts to run: `http,provided,jobs,start,streams,flat`. */
    only: { type: 'string', default: 'http,provided,jobs,start,streams,flat' },
    /** Only rows of the first part whose name contains this text. */
    row: { type: 'string', default: '' },
    /** For profiles: `--node-option=--cpu-prof`, passed to the gateways of the first parts and to the jobs. */
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

/** Measures each row in turn with a bare program that gives the same answer to the same request. */
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
    const bareServer = { pid: bare.pid, port: await bare.ask(twins) };

    const rows: string[][] = [];
    for (const scenario of scenarios) rows.push(await measureRow(loader, scenario, bareServer, gateway));
    print('Requests, beside bare Fastify', COLUMNS, rows);
    await bare.stop();
    await gateway.stop();
  });
}

const FIGURES = ['/s', 'p50 ms', 'p99 ms', 'CPU µs'];
const COLUMNS = [
  '',
  ...FIGURES.map((c) => `bare ${c}`),
  ...FIGURES,
  'ratio of rates',
  'of CPU time',
  'target',
];

/** Rows whose answer needs a provider. Each has a gateway of its own, with a provider that answers at once. */
async function measureProvided(loader: Loader): Promise<void> {
  const rows: string[][] = [];
  for (const row of PROVIDED.filter(({ name }) => name.includes(values.row)))
    await withFolder(async (dataDir) => {
      const far = startProcess<object, number>('./upstream-process.ts');
      const upstream = row.proxied ? { port: await far.ask({}), connections } : undefined;
      const provided = startProcess<ProvidedQuestion, ProvidedAnswer>(
        './provided-process.ts',
        values['node-option'],
      );
      const port = await provided.ask({ ask: 'start', dataDir, worker: row.worker, upstream });
      const { key } = await customersOf(port)({ dialect: row.dialect, creditUsd: '1000000.00' });
      const call: Call = { ...row.call, headers: { authorization: `Bearer ${key}` } };
      const scenario: Scenario = { ...row, status: 200, calls: [call] };
      const answer = await answerTo(port, call);
      if (answer.status !== 200) throw new Error(`${row.name}: ${answer.status} ${answer.body}`);
      const bare = startProcess<readonly Twin[], number>('./bare-process.ts');
      const twin = { name: row.name, method: call.method, ...answer, checked: false };
      const barePort = await bare.ask([{ ...twin, ...(upstream && { upstream }) }]);
      const bareServer = { pid: bare.pid, port: barePort };
      rows.push(await measureRow(loader, scenario, bareServer, { pid: provided.pid, port }));
      await bare.stop();
      await provided.ask({ ask: 'stop' });
      await provided.stop();
      await far.stop();
    });
  print('Requests that a provider answers, beside bare Fastify', COLUMNS, rows);
}

interface Server {
  readonly pid: number;
  readonly port: number;
}

/** One server under one load: the median run, and the processor time per request over all runs. */
async function collect(
  loader: Loader,
  { pid, port }: Server,
  requests: readonly string[],
): Promise<{
  run: () => Promise<void>;
  result: (status: number) => { median: LoadResult; cpuMicros: number };
}> {
  const job = { port, connections, requests };
  await loader.ask({ ...job, milliseconds: Number(values.warm) });
  const runs: LoadResult[] = [];
  let cpu = 0;
  return {
    run: async () => {
      const before = cpuMs(pid);
      runs.push(await loader.ask({ ...job, milliseconds }));
      cpu += cpuMs(pid) - before;
    },
    result: (status) => {
      const answers = runs.flatMap(({ statuses }) => Object.values(statuses)).reduce((sum, n) => sum + n, 0);
      return { median: medianRun(runs, status), cpuMicros: (cpu / answers) * 1000 };
    },
  };
}

async function measureRow(
  loader: Loader,
  scenario: Scenario,
  bareServer: Server,
  gateway: Server,
): Promise<string[]> {
  const { status, name, target } = scenario;
  const twin = await collect(loader, bareServer, twinBytesOf(scenario));
  const real = await collect(loader, gateway, bytesOf(scenario));
  for (let round = 0; round < rounds; round += 1) {
    await twin.run();
    await real.run();
  }
  const [bare, ours] = [twin.result(status), real.result(status)];
  return [
    name,
    ...[bare, ours].flatMap(({ median: { perSecond, p50, p99 }, cpuMicros }) => [
      count(perSecond),
      ms(p50),
      ms(p99),
      cpuMicros.toFixed(0),
    ]),
    percent(ours.median.perSecond / bare.median.perSecond),
    percent(bare.cpuMicros / ours.cpuMicros),
    target === undefined ? '' : `≥ ${percent(target)}`,
  ];
}

/** `share` of the jobs, so that no row takes much longer than the others. */
const JOBS: readonly (Pick<JobsQuestion, 'part' | 'output'> & { name: string; share: number })[] = [
  { name: 'store: claim, begin, settle', part: 'store', output: 'none', share: 1 },
  { name: 'whole worker, a job without a result', part: 'worker', output: 'none', share: 1 },
  { name: 'whole worker, 2 bytes of text', part: 'worker', output: 'text', share: 0.5 },
  { name: 'whole worker, a picture that is decoded', part: 'worker', output: 'image', share: 0.1 },
];

async function measureAllJobs(): Promise<void> {
  const rows: string[][] = [];
  for (const { name, part, output, share } of JOBS) {
    const jobs = Math.ceil(Number(values.jobs) * share);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const process = startProcess<JobsQuestion, JobsAnswer>('./jobs-process.ts', values['node-option']);
      const { perSecond, ended } = await withFolder((dataDir) =>
        process.ask({ part, output, jobs, dataDir }),
      );
      await process.stop();
      if (ended !== jobs) throw new Error(`${name}: ${ended} of ${jobs} ended as they should`);
      rates.push(perSecond);
    }
    rows.push([name, count(median(rates)), output === 'none' ? '≥ 5,000' : '']);
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
      starts.idle.push(residentMb(second.pid));
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

async function measureStreams(): Promise<void> {
  const streams = streamsAllowed(Number(values.streams));
  const { kilobytesEach, openedPerSecond, one, all } = await withFolder((dataDir) =>
    measureFanOut(dataDir, streams),
  );
  print(
    `${count(streams)} open streams`,
    ['', ''],
    [
      ['memory for each', `${kilobytesEach.toFixed(1)} kB`],
      ['opened', `${count(openedPerSecond)} /s`],
      ['settle to event, one stream of a job', `p50 ${ms(one.p50)} ms, p99 ${ms(one.p99)} ms`],
      ['settle to event, two thirds on one job', `p50 ${ms(all.p50)} ms, p99 ${ms(all.p99)} ms`],
    ],
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
if (parts.has('provided')) await measureProvided(loader);
if (parts.has('jobs')) await measureAllJobs();
if (parts.has('start')) await measureStarts();
if (parts.has('streams')) await measureStreams();
if (parts.has('flat')) await measureFlat(loader);
await loader.stop();

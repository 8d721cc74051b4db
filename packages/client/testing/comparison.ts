import { VERSION } from 'openai/version';
import { startBadServer } from './bad-server.ts';
import { type Contender, genlock, openai, openaiOverGenlock, plainLoop } from './contenders.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** Enough for a busy machine to answer; only the scenario without an answer takes this long. */
const PATIENCE_MS = 3_000;

export interface Score {
  readonly posts: number;
  readonly paid: number;
  readonly end: string;
}

interface Column {
  readonly title: string;
  readonly contender: Contender;
  /** Whether the service honours keys. For clients that send none it makes no difference, but they are given every chance. */
  readonly keys: boolean;
  readonly ours: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'this client, keys', contender: genlock('native', '/v1/generations'), keys: true, ours: true },
  {
    title: 'this client, no keys',
    contender: genlock('llmtune', '/v1/chat/completions'),
    keys: false,
    ours: true,
  },
  { title: '`openai` over this client', contender: openaiOverGenlock, keys: true, ours: true },
  { title: '`fetch` in a loop', contender: plainLoop, keys: true, ours: false },
  { title: `\`openai\` ${VERSION}`, contender: openai, keys: true, ours: false },
];

export interface Line {
  readonly scenario: string;
  readonly ours: readonly Score[];
  readonly others: readonly Score[];
}

/** Runs every contender through every scenario, each with its own server, all at the same time. */
export function compare(): Promise<readonly Line[]> {
  return Promise.all(
    SCENARIOS.map(async (scenario) => {
      const scores = await Promise.all(COLUMNS.map((column) => score(scenario, column)));
      const of = (ours: boolean) => scores.filter((_, index) => COLUMNS[index]?.ours === ours);
      return { scenario: scenario.name, ours: of(true), others: of(false) };
    }),
  );
}

async function score({ behaviours, closed = 0 }: Scenario, { contender, keys }: Column): Promise<Score> {
  const server = await startBadServer({ keys });
  try {
    server.next(...behaviours);
    server.closeNext(closed);
    const end = await contender(server.url, PATIENCE_MS);
    return { posts: server.arrivals.length, paid: server.paid(), end };
  } finally {
    await server.close();
  }
}

/** In the form of docs/client.md. */
export function comparisonTable(lines: readonly Line[]): string {
  const cell = ({ posts, paid, end }: Score) => `${posts} / ${paid > 1 ? `**${paid}**` : paid} ${end}`;
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['what happens', ...COLUMNS.map(({ title }) => title)]),
    `|${'---|'.repeat(COLUMNS.length + 1)}`,
    ...lines.map(({ scenario, ours, others }) => row([scenario, ...[...ours, ...others].map(cell)])),
  ].join('\n');
}

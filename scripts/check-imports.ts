import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Checks that imports only point one way (docs/architecture.md). Each rule names a folder of packages/gateway/src and what it may import
 * there. `x/port.ts` means only that file of a folder. Tests may import what they need for their set-up.
 */
const PORTS = [
  'store/port',
  'store/port.ts',
  'limits/port.ts',
  'assets/port.ts',
  'providers/port.ts',
  'webhooks/port.ts',
  'telemetry/log.ts',
  'telemetry/metrics.ts',
  'telemetry/traces.ts',
];
const RULES: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  telemetry: [],
  secrets: [],
  store: ['domain', 'store', 'telemetry/log.ts', 'telemetry/metrics.ts'],
  limits: ['domain', 'limits', 'telemetry/metrics.ts'],
  assets: ['assets', 'domain'],
  providers: ['domain', 'providers', 'assets/probe.ts', 'config/fields.ts', 'config/units.ts'],
  faults: ['domain', 'faults', ...PORTS],
  webhooks: [
    'domain',
    'webhooks',
    'store/port.ts',
    'telemetry/log.ts',
    'telemetry/metrics.ts',
    'telemetry/traces.ts',
    'http/outbound/outbound.ts',
    'http/outbound/outbound-error.ts',
  ],
  config: ['domain', 'config', 'store/port.ts'],
  gateway: ['domain', 'gateway', 'config/config.ts', ...PORTS],
  http: [
    'domain',
    'gateway',
    'http',
    'config/config.ts',
    'store/port.ts',
    'limits/port.ts',
    'telemetry/log.ts',
    'telemetry/metrics.ts',
    'telemetry/traceparent.ts',
    'telemetry/traces.ts',
  ],
  admin: [
    'domain',
    'gateway',
    'http',
    'admin',
    'config/config.ts',
    'faults',
    'store/port.ts',
    'webhooks/port.ts',
  ],
  dialects: [
    'domain',
    'gateway',
    'http',
    'config/config.ts',
    'assets/serve.ts',
    'assets/signed-url.ts',
    'webhooks',
    ...PORTS,
  ],
};
/** The top level, which puts the parts together and may import everything. */
const FREE = ['server', 'cli', 'testing'];
/** The only folders that may import the client. */
const CALLERS = ['cli/', 'providers/genlock/'];
/**
 * The only files that open connections: through the outbound guard to URLs from outside, and to what the operator configured, also by
 * packages of others. Any other file with a connection would bypass the guard.
 */
const WAYS_OUT = [
  'http/outbound/outbound.ts',
  // A part of the guard: finds the addresses that the guard then judges.
  'http/outbound/resolve-name.ts',
  'providers/upstream/upstream.ts',
  'providers/ai-sdk/sending.ts',
];
const CONNECTS =
  /from '(?:undici|node:(?:https|http2|tls|dns|dgram)(?:\/promises)?)'|import \{[^}]*\b(?:request|get|connect)\b[^}]*\} from 'node:(?:http|net)'|(?:await|return|[=(:]) fetch\(/;

const root = join(dirname(fileURLToPath(import.meta.url)), '../packages/gateway/src');
const problems: string[] = [];

for (const file of globSync('**/*.ts', { cwd: root })) {
  const folder = file.split('/')[0] ?? '';
  if (
    !CALLERS.some((one) => file.startsWith(one)) &&
    usesClient(join(root, file)) &&
    !/\.test\.ts$/.test(file)
  )
    problems.push(`${file} must not import the client`);
  if (folder !== 'cli' && opensConnections(file))
    problems.push(
      `${file} opens connections of its own: use the guarded fetch, or the upstream of a provider`,
    );
  if (FREE.includes(folder) || /\.test\.ts$|(^|\/)(conformance|fixtures|testing)[/.]/.test(file)) continue;
  const allowed = RULES[folder];
  if (allowed === undefined) {
    problems.push(`${file}: folder ${folder} has no rule in scripts/check-imports.ts`);
    continue;
  }
  for (const target of importsOf(join(root, file))) {
    const path = relative(root, target);
    if (path.startsWith('..')) {
      problems.push(`${file} leaves the package for ${path}`);
      continue;
    }
    if (folder === 'dialects' && path.startsWith('dialects/')) {
      const [own, other] = [file, path].map((one) => one.split('/')[1]);
      if (file !== 'dialects/index.ts' && own !== other)
        problems.push(`${file} imports another dialect: ${path}`);
      continue;
    }
    const fine =
      path.startsWith(`${folder}/`) ||
      allowed.some((one) => (one.endsWith('.ts') ? path === one : path.startsWith(`${one}/`)));
    if (!fine) problems.push(`${file} must not import ${path}`);
  }
}

/** What the packages besides the gateway may import of other packages. Their tests are exempt. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  client: ['@genlock/contracts'],
  'ai-sdk': ['@genlock/client', '@ai-sdk/provider'],
};
for (const [name, needs] of Object.entries(NEEDS)) {
  const base = join(root, '../..', name);
  for (const file of globSync('src/**/*.ts', { cwd: base })) {
    for (const [, specifier = ''] of readFileSync(join(base, file), 'utf8').matchAll(/from '([^']+)'/g)) {
      const known = specifier.startsWith('.') || needs.includes(specifier);
      if (!known && !/\.test\.ts$/.test(file))
        problems.push(`packages/${name}/${file} must not depend on ${specifier}`);
    }
  }
}

function opensConnections(file: string): boolean {
  if (WAYS_OUT.includes(file) || /\.test\.ts$|(^|\/)testing[/.]/.test(file)) return false;
  return CONNECTS.test(readFileSync(join(root, file), 'utf8'));
}

function usesClient(file: string): boolean {
  return /(?:from|import\()\s*'@genlock\/client/.test(readFileSync(file, 'utf8'));
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) =>
    resolve(dirname(file), match[1] ?? ''),
  );
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('imports: all arrows point the right way');

import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { formatUsd } from '../domain/money.ts';
import type { ReconcileReport } from '../store/port.ts';
import { reconcileFile } from '../store/sqlite/reconcile.ts';
import { checkConfig } from './check-config.ts';
import type { DoctorFlags } from './commands/doctor.ts';
import { explain } from './failure.ts';
import { print, printJson } from './output.ts';

/** `note`: worth knowing, nothing is broken by it. */
type Level = 'ok' | 'note' | 'problem';

interface Finding {
  readonly check: 'node' | 'data' | 'secrets' | 'config' | 'disk' | 'database' | 'ledger';
  readonly level: Level;
  readonly message: string;
}

const OLDEST_NODE = [22, 18] as const;
const DATABASE = 'genlock.db';
const SECRETS = [
  ['secret', 'GENLOCK_SECRET'],
  ['admin-token', 'GENLOCK_ADMIN_TOKEN'],
] as const;
const MIB = 1024 * 1024;
/** Below the first jobs soon fail, below the second it is time to look. */
const DISK_FULL = 64 * MIB;
const DISK_LOW = 1024 * MIB;

/** Checks everything and prints what it found; true when nothing is a problem. */
export async function doctor(flags: DoctorFlags): Promise<boolean> {
  const ledger = await checkLedger(flags.data);
  const findings = [
    ...ledger.findings,
    ...(await checkFolder(flags.data)),
    ...(await checkSecrets(flags.data)),
    ...(await checkConfiguration(flags)),
    ...(await checkDisk(flags.data)),
    checkNode(),
  ];
  const ok = findings.every(({ level }) => level !== 'problem');
  if (flags.json) printJson({ ok, ...figures(ledger.report), findings });
  else {
    for (const { check, level, message } of findings)
      print(`${level.padEnd(8)} ${check.padEnd(9)} ${message}`);
    print(ok ? '\nAll is well.' : '\nThere are problems.');
  }
  return ok;
}

function figures(report: ReconcileReport | undefined) {
  return {
    accounts: report?.accounts ?? null,
    open_holds: report?.openHolds ?? null,
    drift_usd: report === undefined ? null : formatUsd(report.drift),
  };
}

/** In one snapshot and without a lock, so that a gateway that runs on it does not notice. */
async function checkLedger(
  data: string,
): Promise<{ readonly report?: ReconcileReport; readonly findings: readonly Finding[] }> {
  const file = join(data, DATABASE);
  try {
    await stat(file);
    const report = reconcileFile(file);
    const { accounts, openHolds, drift } = report;
    const counts = `${accounts} accounts, ${openHolds} open holds, drift $${formatUsd(drift)}`;
    const level = report.findings.length === 0 && drift === 0 ? 'ok' : 'problem';
    return {
      report,
      findings: [
        { check: 'ledger', level, message: counts },
        ...report.findings.map((message) => ({ check: 'ledger', level: 'problem', message }) as const),
      ],
    };
  } catch (error) {
    const message =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? `there is no ${file}; "genlock serve" makes one, --data names another folder`
        : `${file} cannot be read: ${explain(error)}`;
    return { findings: [{ check: 'database', level: 'problem', message }] };
  }
}

async function checkFolder(data: string): Promise<readonly Finding[]> {
  const facts = await stat(data).catch(() => undefined);
  if (facts === undefined) return [];
  if (!facts.isDirectory()) return [{ check: 'data', level: 'problem', message: `${data} is no folder` }];
  const writable = await access(data, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return [{ check: 'data', level: 'problem', message: `${data} cannot be written by this user` }];
  const open = (facts.mode & 0o077) !== 0;
  const message = open
    ? `${data} can be entered by other users of this machine; "chmod 700" keeps them out`
    : `${data} is closed to other users`;
  return [{ check: 'data', level: open ? 'note' : 'ok', message }];
}

async function checkSecrets(data: string): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [name, variable] of SECRETS) {
    const file = join(data, name);
    if (process.env[variable]) {
      findings.push({ check: 'secrets', level: 'ok', message: `${variable} is set` });
      continue;
    }
    try {
      const { mode } = await stat(file);
      const empty = (await readFile(file, 'utf8')).trim() === '';
      if (empty)
        findings.push({ check: 'secrets', level: 'problem', message: `${file} is empty: restore it` });
      else if ((mode & 0o077) !== 0)
        findings.push({
          check: 'secrets',
          level: 'problem',
          message: `${file} can be read by other users; "chmod 600" it`,
        });
      else findings.push({ check: 'secrets', level: 'ok', message: `${file} is there, for its owner only` });
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      findings.push({
        check: 'secrets',
        level: missing ? 'note' : 'problem',
        message: missing
          ? `there is no ${file}, and ${variable} is not set here; the gateway makes one when it starts`
          : `${file} cannot be read: ${explain(error)}`,
      });
    }
  }
  return findings;
}

async function checkConfiguration({ config, configNamed }: DoctorFlags): Promise<readonly Finding[]> {
  let text: string;
  try {
    text = await readFile(config, 'utf8');
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT' && !configNamed;
    return [
      {
        check: 'config',
        level: absent ? 'ok' : 'problem',
        message: absent ? `no ${config}: the defaults stand` : `${config} cannot be read: ${explain(error)}`,
      },
    ];
  }
  const problems = await checkConfig(text, config);
  if (problems === undefined) return [{ check: 'config', level: 'ok', message: `${config} is valid` }];
  return problems.split('\n').map((message) => ({ check: 'config', level: 'problem', message }));
}

async function checkDisk(data: string): Promise<readonly Finding[]> {
  const space = await statfs(data).catch(() => undefined);
  if (space === undefined) return [];
  const free = space.bavail * space.bsize;
  const level = free < DISK_FULL ? 'problem' : free < DISK_LOW ? 'note' : 'ok';
  return [{ check: 'disk', level, message: `${Math.floor(free / MIB)} MiB are free` }];
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const fine = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return {
    check: 'node',
    level: fine ? 'ok' : 'problem',
    message: `Node.js ${process.versions.node}${fine ? '' : `; ${OLDEST_NODE.join('.')} or newer is needed`}`,
  };
}

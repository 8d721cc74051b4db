import { join } from 'node:path';
import { formatUsd } from '../domain/money.ts';
import type { ReconcileReport } from '../store/port.ts';
import { checkFiles } from './doctor/files.ts';
import type { Check, Finding } from './doctor/finding.ts';
import { checkDisk, checkFolder, checkSecrets } from './doctor/folder.ts';
import { checkLedger } from './doctor/ledger.ts';
import { checkLeftovers } from './doctor/leftovers.ts';
import { noteRepairs, type Repair } from './doctor/note-repairs.ts';
import { checkConfiguration, checkNode } from './doctor/program.ts';
import { explain } from './failure.ts';
import { print, printJson } from './output.ts';

export interface DoctorFlags {
  readonly data: string;
  readonly config: string;
  readonly configNamed: boolean;
  readonly json: boolean;
  readonly repair: boolean;
}

interface Examination {
  readonly report: ReconcileReport | undefined;
  readonly findings: readonly Finding[];
}

/** Checks everything and prints what it found. With `--repair` it repairs what it can and checks again. True if there is no problem. */
export async function doctor(flags: DoctorFlags): Promise<boolean> {
  let examination = await examine(flags);
  const repairs: Repair[] = [];
  if (flags.repair) {
    for (const { check, repair } of examination.findings) if (repair) repairs.push(await mend(check, repair));
    await noteRepairs(join(flags.data, 'genlock.db'), repairs);
    examination = await examine(flags);
  }
  const repaired = repairs.map(({ words }) => words);
  const { report, findings } = examination;
  const ok = findings.every(({ level }) => level !== 'problem');
  if (flags.json)
    printJson({
      ok,
      ...figures(report),
      findings: findings.map(({ repair, ...told }) => ({ ...told, repairable: repair !== undefined })),
      ...(flags.repair && { repaired }),
    });
  else printForPeople(findings, repaired, ok);
  return ok;
}

async function examine({ data, config, configNamed }: DoctorFlags): Promise<Examination> {
  const database = join(data, 'genlock.db');
  const ledger = await checkLedger(database);
  const findings = [
    ...ledger.findings,
    ...(await checkFiles(data, database)),
    ...(await checkFolder(data)),
    ...(await checkLeftovers(data)),
    ...(await checkSecrets(data)),
    ...(await checkConfiguration(config, configNamed)),
    ...(await checkDisk(data)),
    checkNode(),
  ];
  return { report: ledger.report, findings };
}

async function mend(check: Check, repair: NonNullable<Finding['repair']>): Promise<Repair> {
  try {
    return { check, done: true, words: await repair() };
  } catch (error) {
    return { check, done: false, words: `${check} could not be repaired: ${explain(error)}` };
  }
}

function figures(report: ReconcileReport | undefined) {
  return {
    accounts: report?.accounts ?? null,
    open_holds: report?.openHolds ?? null,
    drift_usd: report === undefined ? null : formatUsd(report.drift),
  };
}

function printForPeople(findings: readonly Finding[], repaired: readonly string[], ok: boolean): void {
  for (const done of repaired) print(`${'repaired'.padEnd(18)} ${done}`);
  for (const { check, level, message } of findings) print(`${level.padEnd(8)} ${check.padEnd(9)} ${message}`);
  const more = findings.some(({ repair }) => repair !== undefined)
    ? ' "genlock doctor --repair" mends some.'
    : '';
  print(ok ? `\nAll is well.${more}` : `\nThere are problems.${more}`);
}

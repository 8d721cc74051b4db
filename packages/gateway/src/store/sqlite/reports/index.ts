import { generationsByNumber } from '../reads/lists.ts';
import { reconcile } from './reconcile.ts';
import { usage } from './usage.ts';

/** Reads that walk much of the database, by the name under which their thread is asked for them. */
export const reports = { reconcile, usage, generationsByNumber };

export type Reports = typeof reports;
export type ReportName = keyof Reports;

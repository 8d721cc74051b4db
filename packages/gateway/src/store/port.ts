/* The port of durable storage: the interface `Store` and its data types, theme by theme. */
export * from './port/accounts.ts';
export * from './port/admission.ts';
export * from './port/assets.ts';
export * from './port/attempts.ts';
export * from './port/audit.ts';
export * from './port/backlog.ts';
export * from './port/events.ts';
export * from './port/generations.ts';
export * from './port/lease.ts';
export * from './port/ledger.ts';
export * from './port/merge-limits.ts';
export * from './port/merge-model-patch.ts';
export * from './port/models.ts';
export * from './port/page.ts';
export type { Store } from './port/store.ts';
export * from './port/webhooks.ts';
export * from './port/work.ts';

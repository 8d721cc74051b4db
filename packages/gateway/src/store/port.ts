/* The port of durable storage: the interface `Store` and the shapes that it takes and gives. */
export * from './port/accounts.ts';
export * from './port/admission.ts';
export * from './port/assets.ts';
export * from './port/audit.ts';
export * from './port/backlog.ts';
export * from './port/events.ts';
export * from './port/ledger.ts';
export * from './port/limit-changes.ts';
export * from './port/lists.ts';
export * from './port/model-changes.ts';
export * from './port/models.ts';
export type { Store } from './port/store.ts';
export * from './port/webhooks.ts';
export * from './port/work.ts';

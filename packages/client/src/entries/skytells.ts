/* Everything for this dialect, and nothing of the others. */

export * from '../clients/shared.ts';
export * from '../clients/skytells/index.ts';
export * from '../dialects/skytells.ts';

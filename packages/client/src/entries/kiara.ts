/* Everything for this dialect, and nothing of the others. */
export * from '../clients/kiara/index.ts';
export * from '../clients/shared.ts';
export * from '../dialects/kiara.ts';

/* Everything for this dialect, and nothing of the others. */
export * from '../clients/getimg/index.ts';
export * from '../clients/shared.ts';
export * from '../dialects/getimg.ts';

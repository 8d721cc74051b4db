/* Everything for this dialect, and nothing of the others. */
export * from '../clients/native/index.ts';
export * from '../clients/shared.ts';
export * from '../dialects/native.ts';

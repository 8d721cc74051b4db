/* Everything for this dialect, and nothing of the others. */
export * from '../clients/llmtune/index.ts';
export * from '../clients/shared.ts';
export * from '../dialects/llmtune.ts';

/* Everything for this dialect, and nothing of the others. */

export * from '../clients/shared.ts';
export * from '../clients/skills-video/index.ts';
export * from '../dialects/skills-video.ts';

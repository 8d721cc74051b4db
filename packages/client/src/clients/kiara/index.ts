export { createKiaraClient, KIARA_URL, type KiaraClient } from './client.ts';
export type { KiaraGenerations, KiaraListQuery } from './generations.ts';
export type * from './types.ts';

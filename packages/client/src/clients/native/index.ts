export type { Assets, ContentOptions } from './assets.ts';
export { type Client, createClient, type UsageQuery } from './client.ts';
export type { FollowOptions, GenerationEvent } from './follow.ts';
export type { CreateOptions, Generations, ListQuery } from './generations.ts';
export type { TextEvent } from './stream-text.ts';
export type * from './types.ts';
export type { Webhooks } from './webhooks.ts';

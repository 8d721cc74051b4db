export { createSkillsVideoClient, SKILLS_VIDEO_URL, type SkillsVideoClient } from './client.ts';
export type { SkillsVideoGenerations } from './generations.ts';
export type * from './types.ts';

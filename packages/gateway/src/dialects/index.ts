import type { DialectModule } from '../http/module.ts';
import { getimg } from './getimg/index.ts';
import { kiara } from './kiara/index.ts';
import { llmtune } from './llmtune/index.ts';
import { native } from './native/index.ts';
import { skillsVideo } from './skills-video/index.ts';
import { skytells } from './skytells/index.ts';

/** Every wire contract that is served. To add one, add a folder here and a line below. */
export const dialectModules: readonly DialectModule[] = [
  kiara,
  getimg,
  llmtune,
  native,
  skillsVideo,
  skytells,
];

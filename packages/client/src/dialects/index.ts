import type { Dialect } from '../dialect.ts';
import type { DialectName } from '../error.ts';
import { getimg } from './getimg.ts';
import { kiara } from './kiara.ts';
import { llmtune } from './llmtune.ts';
import { native } from './native.ts';
import { skillsVideo } from './skills-video.ts';
import { skytells } from './skytells.ts';

const DIALECTS: { readonly [D in DialectName]: Dialect<D> } = {
  kiara,
  getimg,
  skytells,
  llmtune,
  'skills-video': skillsVideo,
  native,
};

/**
 * A dialect by name, or unchanged. Using names loads the code of all dialects; a program that uses one API should import that one. @throws
 * TypeError for an unknown name
 */
export function dialectOf<D extends DialectName>(dialect: D | Dialect<D>): Dialect<D> {
  if (typeof dialect !== 'string') return dialect;
  if (!Object.hasOwn(DIALECTS, dialect))
    throw new TypeError(`"${dialect}" is no dialect; there are ${Object.keys(DIALECTS).join(', ')}.`);
  return DIALECTS[dialect];
}

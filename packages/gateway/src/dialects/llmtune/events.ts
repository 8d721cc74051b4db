import type { Core } from '../../gateway/core.ts';
import type { GenerationView, Moment, WireEvent } from '../../gateway/dialect.ts';

export function events(_core: Core, _moment: Moment, _view: GenerationView): readonly WireEvent[] {
  return [];
}

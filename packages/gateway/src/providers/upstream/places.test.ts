import { describe, expect, it } from 'vitest';
import { fill, placesIn } from './places.ts';

const values = { prompt: 'a "mug"', count: 2, sources: ['a', 'b'], sound: false, size: undefined };

describe('a template', () => {
  it.each([
    ['%count%', 2],
    ['%count:text%', '2'],
    ['%sound%', false],
    ['%sources%', ['a', 'b']],
    ['%prompt%, %count% of it', 'a "mug", 2 of it'],
    ['100% of %prompt%', '100% of a "mug"'],
    ['%fps|24%', 24],
    ['%fps:text|24%', '24'],
    ['%style|plain%', 'plain'],
    ['in %style|plain% style', 'in plain style'],
    ['%count|9%', 2],
  ])('%s becomes %j', (template, filled) => {
    expect(fill(template, values)).toEqual(filled);
  });

  it('leaves out what has no value, with all that is empty for that', () => {
    const template = {
      a: '%size%',
      b: ['%size%', '%count%'],
      c: { w: '%size%' },
      d: ['%size%'],
      e: [],
      f: { n: 3.5, ok: true, none: null },
    };
    expect(fill(template, values)).toEqual({ b: [2], e: [], f: { n: 3.5, ok: true, none: null } });
  });

  it('is not read again in what callers wrote', () => {
    expect(fill('%prompt%', { prompt: '%count%', count: 1 })).toBe('%count%');
    expect(fill('so: %prompt%', { prompt: '%count% $& $1', count: 1 })).toBe('so: %count% $& $1');
  });

  it('names its places', () => {
    expect([...placesIn({ a: ['%x% %y:text%'], b: { c: '%z|1%' }, d: 4, e: '50% off' })]).toEqual([
      'x',
      'y',
      'z',
    ]);
  });
});

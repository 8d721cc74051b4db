import { expect, it } from 'vitest';
import { fields, table } from './output.ts';

it('lines columns up', () => {
  const rows = [
    ['top_up', '10'],
    ['hold', '0.25'],
  ];
  expect(table(['type', 'usd'], rows, ['usd'])).toBe(
    ['type     usd', 'top_up    10', 'hold    0.25'].join('\n'),
  );
  expect(
    fields([
      ['id', 'a'],
      ['status', 'active'],
    ]),
  ).toBe('id      a\nstatus  active');
});

it('does not let text from elsewhere steer the terminal', () => {
  expect(table(['name'], [['\u001b[2Ja\nb']])).toBe('name\n\uFFFD[2Ja\uFFFDb');
  expect(fields([['name', '\u001b]0;x\u0007']])).toBe('name  \uFFFD]0;x\uFFFD');
});

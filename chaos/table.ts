import type { Round } from './round.ts';

/** The events and findings of a round, for people. */
export function renderRound({ seed, kills, orders, findings }: Round): string {
  const acknowledged = orders.filter(({ id }) => id !== undefined).length;
  const refused = orders.filter(
    ({ status, id }) => id === undefined && status !== undefined && status >= 300,
  ).length;
  const lost = orders.filter(({ status }) => status === undefined).length;
  const head = `seed ${seed}: ${orders.length} orders, ${acknowledged} jobs acknowledged, ${refused} refused or failed at once, ${lost} answers lost; ${kills} kills`;
  const rows = findings.map(({ promise, seen, broken }) => {
    const verdict = broken.length === 0 ? 'kept' : `BROKEN ${broken.length} times`;
    return `${promise.padEnd(44)} ${seen.padEnd(44)} ${verdict}`;
  });
  const details = findings.flatMap(({ promise, broken }) =>
    broken.slice(0, 5).map((one) => `  ${promise}: ${one}`),
  );
  return [head, '', ...rows, ...(details.length > 0 ? ['', ...details] : [])].join('\n');
}

export function isClean({ findings }: Round): boolean {
  return findings.every(({ broken }) => broken.length === 0);
}

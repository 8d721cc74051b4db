import type { Round } from './round.ts';

const SHOWN = 40;

/** The requests, answers and findings of a round, for people. */
export function renderRound({ seed, requests, seconds, statuses, slowestMs, peakMb, docket }: Round): string {
  const speed = Math.round(requests / seconds);
  const answers = [...statuses]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([status, times]) => `${status} × ${times}`)
    .join(', ');
  const { entries } = docket;
  return [
    `seed ${seed}: ${requests} requests in ${seconds.toFixed(1)} s (${speed}/s), ${Math.round(peakMb)} MB at most, slowest sign of life ${Math.round(slowestMs)} ms`,
    answers,
    entries.length === 0 ? 'nothing found' : `${entries.length} findings:`,
    ...entries
      .slice(0, SHOWN)
      .map(({ promise, where, seen, times, example }) =>
        [
          `\n${promise} — ${where}, ${times} times: ${seen}`,
          ...(example === '' ? [] : [`  ${example}`]),
        ].join('\n'),
      ),
  ].join('\n');
}

export function isClean({ docket }: Round): boolean {
  return docket.entries.length === 0;
}

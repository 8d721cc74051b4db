/**
 * The known name that was most likely meant: with at most a third of its letters different; two swapped neighbours count as one difference.
 */
export function closest(written: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const most = Math.max(1, Math.floor(name.length / 3));
    if (Math.abs(written.length - name.length) > most) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance && distance <= most) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean "kiara"?` or, if no name is similar, the names that exist: `; there is kiara, getimg`. */
export function hint(written: string, known: Iterable<string>): string {
  const names = [...known];
  const meant = closest(written, names);
  if (meant !== undefined) return `; did you mean "${meant}"?`;
  if (names.length === 0) return '; there is none';
  const shown = names.slice(0, 12).join(', ');
  return `; there is ${shown}${names.length > 12 ? `, and ${names.length - 12} more` : ''}`;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/** A token number and its likelihood. The weights of a list need not add up to 1. */
export interface Candidate {
  token: number;
  weight: number;
}

export interface SamplingOptions {
  /** 0 or less: always takes the most likely one. */
  temperature: number;
  /** Keeps the most likely tokens that together have this share. */
  topP?: number;
  /** Keeps this many of the most likely tokens. */
  topK?: number;
}

/** Picks one candidate; undefined if there is none. Ties go to the lower token number, so the result is deterministic. */
export function pick(
  candidates: Candidate[],
  options: SamplingOptions,
  random: () => number,
): number | undefined {
  const ranked = candidates.toSorted((a, b) => b.weight - a.weight || a.token - b.token);
  const best = ranked[0];
  if (best === undefined || !(options.temperature > 0)) return best?.token;
  // Relative to the best one, so that at a very low temperature only the others become 0 and not all of them.
  const heated = ranked.map(({ token, weight }) => ({
    token,
    weight: (weight / best.weight) ** (1 / options.temperature),
  }));
  const kept = nucleus(heated.slice(0, Math.max(1, options.topK ?? heated.length)), options.topP ?? 1);
  let left = random() * sum(kept);
  for (const { token, weight } of kept) {
    left -= weight;
    if (left < 0) return token;
  }
  return best.token;
}

function nucleus(ranked: Candidate[], share: number): Candidate[] {
  let left = sum(ranked) * share;
  const end = ranked.findIndex(({ weight }) => {
    left -= weight;
    return left <= 0;
  });
  return end === -1 ? ranked : ranked.slice(0, end + 1);
}

function sum(candidates: Candidate[]): number {
  return candidates.reduce((total, { weight }) => total + weight, 0);
}

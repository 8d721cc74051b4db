/** A token number and how likely it is; the weights of a list need not add up to 1. */
export interface Candidate {
  token: number;
  weight: number;
}

export interface SamplingOptions {
  /** 0 or less always takes the likeliest. */
  temperature: number;
  /** Keeps the likeliest tokens that together have this share. */
  topP?: number;
  /** Keeps this many of the likeliest tokens. */
  topK?: number;
}

/** Picks one candidate; undefined when there is none. Ties go to the lower token number, so that the result is always the same. */
export function pick(
  candidates: Candidate[],
  options: SamplingOptions,
  random: () => number,
): number | undefined {
  const ranked = candidates.toSorted((a, b) => b.weight - a.weight || a.token - b.token);
  const best = ranked[0];
  if (best === undefined || !(options.temperature > 0)) return best?.token;
  // Relative to the best, so that a tiny temperature gives 0 for the others and not 0 for all.
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

const SAFE = { filtered: false, severity: 'safe' } as const;

/** What was answered has passed; what has not is an error (section 12). */
export const CONTENT_FILTER_RESULTS = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE } as const;

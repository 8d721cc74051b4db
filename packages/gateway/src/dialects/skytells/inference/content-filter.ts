const SAFE = { filtered: false, severity: 'safe' } as const;

/** What is answered has passed the filter; what has not is an error (section 12). */
export const CONTENT_FILTER_RESULTS = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE } as const;

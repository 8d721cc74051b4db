-- Attempts that somebody has to look at: the gateway, or the operator. Those that end as they should never meet this index.
CREATE INDEX attempts_flagged ON attempts (outcome, generation, n)
  WHERE outcome IN ('abandoned', 'late', 'outcome_unknown');

-- Attempts that the gateway or the operator has to look at. Attempts that end normally never enter this index.
CREATE INDEX attempts_flagged ON attempts (outcome, generation, n)
  WHERE outcome IN ('abandoned', 'late', 'outcome_unknown');

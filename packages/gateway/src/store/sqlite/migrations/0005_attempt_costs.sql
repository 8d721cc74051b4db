-- What the provider said that an attempt costs the operator, and how many of its calls were lost where it is made of several.
ALTER TABLE attempts ADD COLUMN cost INTEGER CHECK (cost >= 0);
ALTER TABLE attempts ADD COLUMN lost_calls INTEGER NOT NULL DEFAULT 0 CHECK (lost_calls >= 0);

-- Under which outcome an attempt is listed for somebody to look at: its own, or that of the calls that it lost.
ALTER TABLE attempts ADD COLUMN flag TEXT GENERATED ALWAYS AS (
  CASE
    WHEN outcome IN ('abandoned', 'late', 'outcome_unknown') THEN outcome
    WHEN outcome IS NOT NULL AND lost_calls > 0 THEN 'outcome_unknown'
  END
) VIRTUAL;
DROP INDEX attempts_flagged;
CREATE INDEX attempts_flagged ON attempts (flag, generation, n) WHERE flag IS NOT NULL;

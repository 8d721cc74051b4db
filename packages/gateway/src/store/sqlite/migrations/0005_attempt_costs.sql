-- The cost of an attempt to the operator, as the provider stated it, and how many of its calls were lost if it is made of several.
ALTER TABLE attempts ADD COLUMN cost INTEGER CHECK (cost >= 0);
ALTER TABLE attempts ADD COLUMN lost_calls INTEGER NOT NULL DEFAULT 0 CHECK (lost_calls >= 0);

-- The outcome under which an attempt is flagged: its own, or that of the calls that it lost.
ALTER TABLE attempts ADD COLUMN flag TEXT GENERATED ALWAYS AS (
  CASE
    WHEN outcome IN ('abandoned', 'late', 'outcome_unknown') THEN outcome
    WHEN outcome IS NOT NULL AND lost_calls > 0 THEN 'outcome_unknown'
  END
) VIRTUAL;
DROP INDEX attempts_flagged;
CREATE INDEX attempts_flagged ON attempts (flag, generation, n) WHERE flag IS NOT NULL;

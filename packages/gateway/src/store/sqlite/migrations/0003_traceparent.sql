-- The W3C trace context that a generation was ordered in, so that its attempts and webhooks continue the trace in whatever process they
-- run.
ALTER TABLE generation_bodies ADD COLUMN traceparent TEXT;

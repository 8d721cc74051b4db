-- The trace that a generation was ordered in (W3C), so that its attempts and webhooks go on in it, in whatever process they run.
ALTER TABLE generation_bodies ADD COLUMN traceparent TEXT;

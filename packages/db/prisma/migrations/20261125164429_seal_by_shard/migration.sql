-- Seals one shard of the ingest: waits for its running batches, holds up its new ones for this one statement, and tells the last number
-- that any batch has taken by then.
CREATE FUNCTION suan_seal_shard(shard int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE seq bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7238200, shard);
  SELECT last_value INTO seq FROM usage_batch_seq;
  RETURN seq;
END $$;

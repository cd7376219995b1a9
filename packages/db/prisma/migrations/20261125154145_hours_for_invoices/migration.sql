-- Hours are a cache: they are made again from the blocks, with what an invoice needs.
DELETE FROM usage_hour;
UPDATE usage_hour_mark SET batch_seq = -1;

-- AlterTable
ALTER TABLE "usage_hour" DROP COLUMN "windows",
ADD COLUMN     "clip_from" SMALLINT NOT NULL,
ADD COLUMN     "clip_to" SMALLINT NOT NULL,
ADD COLUMN     "digest" BYTEA NOT NULL,
ADD COLUMN     "floor_ppm" INTEGER NOT NULL,
ADD COLUMN     "floored_ppm" BIGINT NOT NULL,
ADD COLUMN     "seal" BIGINT NOT NULL,
ADD COLUMN     "weighed" INTEGER NOT NULL,
ALTER COLUMN "measured" SET DATA TYPE INTEGER;

-- AlterTable
ALTER TABLE "usage_hour_mark" ADD COLUMN     "evidence_from_s" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "usage_hour_due" (
    "org_id" TEXT NOT NULL,
    "allocation_id" TEXT NOT NULL,
    "hour_s" BIGINT NOT NULL,

    CONSTRAINT "usage_hour_due_pkey" PRIMARY KEY ("allocation_id","hour_s")
);

-- CreateIndex
CREATE INDEX "usage_hour_due_hour_s_idx" ON "usage_hour_due"("hour_s");

ALTER TABLE usage_hour ADD CHECK (0 <= clip_from AND clip_from <= clip_to AND clip_to <= 3600),
  ADD CHECK (blocks >= 0 AND measured BETWEEN 0 AND clip_to - clip_from AND weighed BETWEEN 0 AND measured),
  ADD CHECK (sum_ppm >= 0 AND floored_ppm >= sum_ppm AND octet_length(digest) = 32);
SELECT suan_secure_tenant_table('usage_hour_due');
REVOKE INSERT, UPDATE, DELETE ON usage_hour_due FROM app_api;
ALTER TABLE usage_hour_due ADD CHECK (hour_s % 3600 = 0);

-- A fingerprint of an hour's row. Who changes a row without it has a row that nobody uses; against somebody who means it, every hour
-- is compared with its blocks (checkHours).
CREATE FUNCTION suan_hour_seal(org_id text, allocation_id text, hour_s bigint, clip_from smallint, clip_to smallint, blocks int,
  measured int, sum_ppm bigint, floor_ppm int, floored_ppm bigint, weighed int, digest bytea, last_batch_seq bigint,
  last_arrived_s bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hash_record_extended(ROW(org_id COLLATE "C", allocation_id COLLATE "C", hour_s, clip_from, clip_to, blocks, measured,
    sum_ppm, floor_ppm, floored_ppm, weighed, digest, last_batch_seq, last_arrived_s), 7238201) $$;

-- The hours of stretches of leases that hold exactly what a cutoff may see: added up for just these seconds of the hour and at
-- the lease's present floor (floors: null does not ask), no later batch or arrival in them, not due again, not altered. `part` is the
-- stretch's place in the arrays. Whoever asks must know that no batch up to the cutoff is missing in the mark.
CREATE FUNCTION suan_usable_hours(org text, allocations text[], froms bigint[], tos bigint[], floors int[], upto_batch bigint,
  upto_arrived bigint)
RETURNS TABLE (part int, allocation_id text, hour_s bigint, blocks int, measured int, sum_ppm bigint, floored_ppm bigint, weighed int, digest bytea)
LANGUAGE sql STABLE AS $$
  SELECT s.part::int, h.allocation_id, h.hour_s, h.blocks, h.measured, h.sum_ppm, h.floored_ppm, h.weighed, h.digest
  FROM unnest(allocations, froms, tos, floors) WITH ORDINALITY AS s(allocation_id, from_s, to_s, floor_ppm, part)
  JOIN usage_hour h ON h.org_id = org AND h.allocation_id = s.allocation_id AND h.hour_s > s.from_s - 3600 AND h.hour_s < s.to_s
  WHERE h.hour_s + h.clip_from = greatest(s.from_s, h.hour_s) AND h.hour_s + h.clip_to = least(s.to_s, h.hour_s + 3600)
    AND (s.floor_ppm IS NULL OR s.floor_ppm = h.floor_ppm)
    AND h.last_batch_seq <= upto_batch AND h.last_arrived_s <= upto_arrived
    AND h.seal = suan_hour_seal(h.org_id, h.allocation_id, h.hour_s, h.clip_from, h.clip_to, h.blocks, h.measured, h.sum_ppm,
      h.floor_ppm, h.floored_ppm, h.weighed, h.digest, h.last_batch_seq, h.last_arrived_s)
    AND NOT EXISTS (SELECT 1 FROM usage_hour_due d WHERE d.allocation_id = h.allocation_id AND d.hour_s = h.hour_s) $$;

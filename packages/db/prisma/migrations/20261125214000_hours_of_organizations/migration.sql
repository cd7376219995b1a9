-- The hours of leases of any organisations, each stretch at a cutoff of its own: a month end reads those of many organisations at once.
-- What makes an hour usable is as before. The organisation is compared after the lease has led to the row: its own index would be read
-- through for nothing, since a lease has one organisation.
DROP FUNCTION suan_usable_hours(text, text[], bigint[], bigint[], int[], bigint, bigint);
CREATE FUNCTION suan_usable_hours(orgs text[], allocations text[], froms bigint[], tos bigint[], floors int[], batches bigint[],
  arrivals bigint[])
RETURNS TABLE (part int, allocation_id text, hour_s bigint, blocks int, measured int, sum_ppm bigint, floored_ppm bigint, weighed int, digest bytea)
LANGUAGE sql STABLE AS $$
  SELECT s.part::int, h.allocation_id, h.hour_s, h.blocks, h.measured, h.sum_ppm, h.floored_ppm, h.weighed, h.digest
  FROM unnest(orgs, allocations, froms, tos, floors, batches, arrivals) WITH ORDINALITY
    AS s(org_id, allocation_id, from_s, to_s, floor_ppm, upto_batch, upto_arrived, part)
  JOIN usage_hour h ON h.allocation_id = s.allocation_id AND h.hour_s > s.from_s - 3600 AND h.hour_s < s.to_s
    AND h.org_id || '' = s.org_id
  WHERE h.hour_s + h.clip_from = greatest(s.from_s, h.hour_s) AND h.hour_s + h.clip_to = least(s.to_s, h.hour_s + 3600)
    AND (s.floor_ppm IS NULL OR s.floor_ppm = h.floor_ppm)
    AND h.last_batch_seq <= s.upto_batch AND h.last_arrived_s <= s.upto_arrived
    AND h.seal = suan_hour_seal(h.org_id, h.allocation_id, h.hour_s, h.clip_from, h.clip_to, h.blocks, h.measured, h.sum_ppm,
      h.floor_ppm, h.floored_ppm, h.weighed, h.digest, h.last_batch_seq, h.last_arrived_s)
    AND NOT EXISTS (SELECT 1 FROM usage_hour_due d WHERE d.allocation_id = h.allocation_id AND d.hour_s = h.hour_s) $$;

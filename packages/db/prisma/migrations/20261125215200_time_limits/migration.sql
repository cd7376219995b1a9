-- AlterTable
ALTER TABLE "capacity_claim" ADD COLUMN     "not_before" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "workload" ADD COLUMN     "max_duration_s" INTEGER,
ADD COLUMN     "max_wait_s" INTEGER,
ADD COLUMN     "not_before" TIMESTAMPTZ(3);

ALTER TABLE workload ADD CONSTRAINT time_limits CHECK (
  (max_wait_s IS NULL OR max_wait_s > 0) AND (max_duration_s IS NULL OR max_duration_s > 0));

-- Limited runs are looked for all the time, and there are few of them.
CREATE INDEX workload_limited_runs ON workload (id) WHERE state = 'running' AND max_duration_s IS NOT NULL;

-- What must not start yet takes no capacity away from others yet.
CREATE OR REPLACE FUNCTION suan_keep_capacity_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IN ('pending', 'running') AND NEW.step = 'place' THEN
    INSERT INTO capacity_claim (operation_id, region_id, model_id, nodes, gpus_per_node, waits, not_before)
      SELECT NEW.id, w.region_id, w.model_id, w.node_count, w.gpus_per_node,
          w.on_capacity = 'queue' OR NEW.requested_by LIKE 'system:%', w.not_before
        FROM workload w WHERE w.org_id = NEW.org_id AND w.id = NEW.workload_id
      ON CONFLICT (operation_id) DO NOTHING;
  ELSIF TG_OP = 'UPDATE' AND OLD.step = 'place' THEN
    DELETE FROM capacity_claim WHERE operation_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

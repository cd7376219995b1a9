-- What admitted launches and starts will take once they are placed, so that admission counts it across organisations
-- without seeing any of their rows.

CREATE TABLE "capacity_claim" (
    "operation_id" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "nodes" INTEGER NOT NULL,
    "gpus_per_node" INTEGER NOT NULL,
    "waits" BOOLEAN NOT NULL,

    CONSTRAINT "capacity_claim_pkey" PRIMARY KEY ("operation_id")
);
CREATE INDEX "capacity_claim_region_id_model_id_idx" ON "capacity_claim"("region_id", "model_id");
ALTER TABLE capacity_claim OWNER TO db_owner;
GRANT SELECT, INSERT, DELETE ON capacity_claim TO app_api, app_worker;
GRANT SELECT ON capacity_claim TO app_ops;

-- A claim lives exactly as long as its operation is active and not placed yet; it goes in the transaction that places.
CREATE FUNCTION suan_keep_capacity_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IN ('pending', 'running') AND NEW.step = 'place' THEN
    INSERT INTO capacity_claim (operation_id, region_id, model_id, nodes, gpus_per_node, waits)
      SELECT NEW.id, w.region_id, w.model_id, w.node_count, w.gpus_per_node, w.on_capacity = 'queue'
        FROM workload w WHERE w.org_id = NEW.org_id AND w.id = NEW.workload_id
      ON CONFLICT (operation_id) DO NOTHING;
  ELSIF TG_OP = 'UPDATE' AND OLD.step = 'place' THEN
    DELETE FROM capacity_claim WHERE operation_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER capacity_claim AFTER INSERT OR UPDATE OF status, step ON operation
  FOR EACH ROW EXECUTE FUNCTION suan_keep_capacity_claim();

-- Operations that were waiting when this migration ran.
INSERT INTO capacity_claim (operation_id, region_id, model_id, nodes, gpus_per_node, waits)
  SELECT o.id, w.region_id, w.model_id, w.node_count, w.gpus_per_node, w.on_capacity = 'queue'
    FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
    WHERE o.status IN ('pending', 'running') AND o.step = 'place';

-- Queue, priorities, shares, evictions, cordons and drains.

ALTER TABLE "node" ADD COLUMN     "cordon_reason" TEXT,
ADD COLUMN     "cordoned_at" TIMESTAMPTZ(3),
ADD COLUMN     "cordoned_by" TEXT;

ALTER TABLE "workload" ADD COLUMN     "expected_duration_s" INTEGER,
ADD COLUMN     "movable" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "preemptible" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "priority_class" TEXT NOT NULL DEFAULT 'normal',
ADD COLUMN     "topology_required" BOOLEAN NOT NULL DEFAULT true;

CREATE TABLE "node_drain" (
    "id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "at_deadline" TEXT NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draining',
    "reason" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "node_drain_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "node_drain_node_id_idx" ON "node_drain"("node_id");

CREATE TABLE "priority_class" (
    "id" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "name_en" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "priority_class_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "priority_class_rank_key" ON "priority_class"("rank");

CREATE TABLE "queue_policy" (
    "id" BIGSERIAL NOT NULL,
    "policy" JSONB NOT NULL,
    "set_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "queue_policy_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "queue_state" (
    "region_id" TEXT NOT NULL,
    "plans" JSONB NOT NULL DEFAULT '[]',
    "carried_over" TEXT[],
    "round" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "queue_state_pkey" PRIMARY KEY ("region_id")
);

CREATE TABLE "queue_entry" (
    "operation_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "binding" TEXT NOT NULL,
    "reason" JSONB NOT NULL,
    "facts" JSONB,
    "quota_node_id" TEXT,
    "estimate_likely_at" TIMESTAMPTZ(3),
    "estimate_from_at" TIMESTAMPTZ(3),
    "estimate_to_at" TIMESTAMPTZ(3),
    "estimate_basis" TEXT,
    "would_start" JSONB NOT NULL DEFAULT '[]',
    "waiting_since" TIMESTAMPTZ(3) NOT NULL,
    "refreshed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "queue_entry_pkey" PRIMARY KEY ("operation_id")
);
CREATE UNIQUE INDEX "queue_entry_org_id_operation_id_key" ON "queue_entry"("org_id", "operation_id");
CREATE INDEX "queue_entry_org_id_waiting_since_idx" ON "queue_entry"("org_id", "waiting_since");
CREATE INDEX "queue_entry_region_id_model_id_place_idx" ON "queue_entry"("region_id", "model_id", "place");

CREATE TABLE "eviction" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "for_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'told',
    "reason" JSONB NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leave_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "eviction_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "eviction_org_id_id_key" ON "eviction"("org_id", "id");
CREATE INDEX "eviction_org_id_workload_id_told_at_idx" ON "eviction"("org_id", "workload_id", "told_at");

CREATE TABLE "share_setting" (
    "node_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "project_id" TEXT,
    "weight" INTEGER NOT NULL DEFAULT 100,
    "over_quota_weight" INTEGER NOT NULL DEFAULT 100,
    "top_priority_class" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "share_setting_pkey" PRIMARY KEY ("node_id")
);
CREATE UNIQUE INDEX "share_setting_org_id_node_id_key" ON "share_setting"("org_id", "node_id");

CREATE TABLE "share_amount" (
    "node_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "devices" INTEGER NOT NULL,

    CONSTRAINT "share_amount_pkey" PRIMARY KEY ("node_id","kind","region_id","model_id")
);

CREATE TABLE "share_standing" (
    "node_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,
    "usage_value" DOUBLE PRECISION NOT NULL,
    "usage_at_s" BIGINT NOT NULL,
    "share_now" DOUBLE PRECISION NOT NULL,
    "share_remembered" DOUBLE PRECISION NOT NULL,
    "queue_order" DOUBLE PRECISION NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "share_standing_pkey" PRIMARY KEY ("node_id","region_id")
);

-- ---------------------------------------------------------------- whose rows they are
SELECT suan_secure_tenant_table(t) FROM unnest(ARRAY['queue_entry', 'eviction', 'share_setting', 'share_amount',
  'share_standing']) t;
ALTER TABLE queue_entry ADD FOREIGN KEY (org_id, operation_id) REFERENCES operation (org_id, id),
  ADD FOREIGN KEY (org_id, workload_id) REFERENCES workload (org_id, id);
ALTER TABLE eviction ADD FOREIGN KEY (org_id, workload_id) REFERENCES workload (org_id, id);
ALTER TABLE share_setting ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id),
  ADD FOREIGN KEY (top_priority_class) REFERENCES priority_class (id);
ALTER TABLE share_amount ADD FOREIGN KEY (org_id, node_id) REFERENCES share_setting (org_id, node_id) ON DELETE CASCADE,
  ADD FOREIGN KEY (region_id) REFERENCES region (id);
ALTER TABLE share_standing ADD FOREIGN KEY (org_id) REFERENCES organization (id);
ALTER TABLE node_drain ADD FOREIGN KEY (node_id) REFERENCES node (id);
ALTER TABLE workload ADD FOREIGN KEY (priority_class) REFERENCES priority_class (id) NOT VALID;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['node_drain', 'priority_class', 'queue_policy', 'queue_state'] LOOP
    EXECUTE format('ALTER TABLE %I OWNER TO db_owner', t);
  END LOOP;
END $$;
GRANT SELECT ON priority_class TO app_api, app_worker, app_ops;
GRANT INSERT, UPDATE, DELETE ON priority_class TO app_ops;
GRANT SELECT ON queue_policy TO app_worker, app_ops;
GRANT INSERT ON queue_policy TO app_ops;
GRANT USAGE, SELECT ON SEQUENCE queue_policy_id_seq TO app_ops;
GRANT SELECT, INSERT, UPDATE ON queue_state TO app_worker;
GRANT SELECT ON queue_state TO app_ops;
GRANT SELECT, INSERT, UPDATE ON node_drain TO app_ops;
GRANT SELECT, UPDATE ON node_drain TO app_worker;
-- Operators ring for placements, and leave audit rows and answers in chains of their own.
GRANT INSERT ON outbox TO app_ops;
GRANT USAGE, SELECT ON SEQUENCE outbox_id_seq TO app_ops;
GRANT INSERT ON audit_event TO app_ops;
CREATE POLICY operator_own ON audit_event FOR INSERT TO app_ops WITH CHECK (org_id LIKE 'operator:%');
GRANT INSERT ON idempotency_key TO app_ops;
CREATE POLICY operator_own ON idempotency_key FOR INSERT TO app_ops WITH CHECK (org_id LIKE 'operator:%');

-- ---------------------------------------------------------------- closed vocabularies and shapes
INSERT INTO priority_class (id, rank, name_en, name_zh, is_default) VALUES
  ('low', 0, 'Low', '低', false), ('normal', 100, 'Normal', '普通', true), ('high', 200, 'High', '高', false);
CREATE UNIQUE INDEX priority_class_default ON priority_class (is_default) WHERE is_default;
ALTER TABLE priority_class ADD CHECK (rank BETWEEN 0 AND 1000), ADD CHECK (id ~ '^[a-z][a-z0-9-]{0,30}$');
ALTER TABLE queue_policy ADD CHECK (jsonb_typeof(policy) = 'object');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON queue_policy FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();
ALTER TABLE workload ADD CHECK (expected_duration_s > 0);
ALTER TABLE node ADD CHECK ((cordoned_at IS NULL) = (cordoned_by IS NULL));
ALTER TABLE node_drain ADD CHECK (at_deadline IN ('interrupt', 'wait')),
  ADD CHECK (state IN ('draining', 'drained', 'cancelled')), ADD CHECK ((state = 'draining') = (finished_at IS NULL));
CREATE UNIQUE INDEX node_drain_open ON node_drain (node_id) WHERE state = 'draining';
ALTER TABLE queue_entry ADD CHECK (place > 0), ADD CHECK (estimate_basis IN ('planned', 'queue', 'beyond')),
  ADD CHECK ((estimate_basis IS NULL) = (estimate_likely_at IS NULL)), ADD CHECK (estimate_from_at <= estimate_to_at);
ALTER TABLE eviction ADD CHECK (cause IN ('priority', 'reclaim', 'reservation', 'maintenance')),
  ADD CHECK (state IN ('told', 'gone', 'spared', 'ended')), ADD CHECK ((state = 'told') = (settled_at IS NULL));
CREATE UNIQUE INDEX eviction_open ON eviction (workload_id) WHERE state = 'told';
CREATE INDEX eviction_due ON eviction (leave_at) WHERE state = 'told';
ALTER TABLE share_setting ADD CHECK (weight BETWEEN 1 AND 10000), ADD CHECK (over_quota_weight BETWEEN 1 AND 10000),
  ADD CHECK (node_id = coalesce(project_id, org_id)), ADD CHECK (project_id IS NULL OR top_priority_class IS NULL);
ALTER TABLE share_amount ADD CHECK (kind IN ('guaranteed', 'borrowing_limit')), ADD CHECK (devices >= 0);
ALTER TABLE share_standing ADD CHECK (usage_value >= 0);

-- An organisation shares out what it is guaranteed, and no more, whoever writes at the same time.
CREATE FUNCTION suan_projects_within_guarantee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE over record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('shares:' || NEW.org_id, 0));
  SELECT p.region_id, p.model_id, sum(p.devices) AS given,
      coalesce((SELECT o.devices FROM share_amount o WHERE o.org_id = NEW.org_id AND o.node_id = NEW.org_id
        AND o.kind = 'guaranteed' AND o.region_id = p.region_id AND o.model_id = p.model_id), 0) AS guaranteed INTO over
    FROM share_amount p WHERE p.org_id = NEW.org_id AND p.node_id <> NEW.org_id AND p.kind = 'guaranteed'
    GROUP BY p.region_id, p.model_id
    HAVING sum(p.devices) > coalesce((SELECT o.devices FROM share_amount o WHERE o.org_id = NEW.org_id
        AND o.node_id = NEW.org_id AND o.kind = 'guaranteed' AND o.region_id = p.region_id AND o.model_id = p.model_id), 0)
    LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'projects of % are guaranteed % of % in %, the organization %', NEW.org_id, over.given, over.model_id,
      over.region_id, over.guaranteed USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_within_guarantee';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER projects_within_guarantee AFTER INSERT OR UPDATE ON share_amount
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION suan_projects_within_guarantee();
-- Lowering or removing the organisation's guarantee is checked by whoever removes rows: the row is gone, so by its setting.
CREATE CONSTRAINT TRIGGER projects_within_guarantee AFTER UPDATE ON share_setting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION suan_projects_within_guarantee();

-- An entry lives no longer than its operation waits.
CREATE FUNCTION suan_leave_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (NEW.status = 'pending' AND NEW.step = 'place') AND OLD.step = 'place' THEN
    DELETE FROM queue_entry WHERE org_id = NEW.org_id AND operation_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER leave_queue AFTER UPDATE OF status, step ON operation FOR EACH ROW EXECUTE FUNCTION suan_leave_queue();

-- What was interrupted for others comes back by waiting, whatever its owner chose for launches.
CREATE OR REPLACE FUNCTION suan_keep_capacity_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IN ('pending', 'running') AND NEW.step = 'place' THEN
    INSERT INTO capacity_claim (operation_id, region_id, model_id, nodes, gpus_per_node, waits)
      SELECT NEW.id, w.region_id, w.model_id, w.node_count, w.gpus_per_node,
          w.on_capacity = 'queue' OR NEW.requested_by LIKE 'system:%'
        FROM workload w WHERE w.org_id = NEW.org_id AND w.id = NEW.workload_id
      ON CONFLICT (operation_id) DO NOTHING;
  ELSIF TG_OP = 'UPDATE' AND OLD.step = 'place' THEN
    DELETE FROM capacity_claim WHERE operation_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

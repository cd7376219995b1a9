-- CreateTable
CREATE TABLE "event" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "project_id" TEXT,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "permission" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "txid" BIGINT NOT NULL,
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "event_types" TEXT[],
    "secret" TEXT NOT NULL,
    "old_secret" TEXT,
    "old_secret_until" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL DEFAULT 'enabled',
    "failing_since" TIMESTAMPTZ(3),
    "done_txid" BIGINT NOT NULL,
    "done_seq" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_attempt" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "duration_ms" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "answer" TEXT,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "event_org_id_id_key" ON "event"("org_id", "id");

-- CreateIndex
CREATE INDEX "event_org_id_txid_seq_idx" ON "event"("org_id", "txid", "seq");

-- CreateIndex
CREATE INDEX "event_at_idx" ON "event"("at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_org_id_id_key" ON "webhook"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_org_id_id_key" ON "webhook_delivery"("org_id", "id");

-- CreateIndex
CREATE INDEX "webhook_delivery_org_id_webhook_id_created_at_idx" ON "webhook_delivery"("org_id", "webhook_id", "created_at");

-- CreateIndex
CREATE INDEX "webhook_attempt_org_id_delivery_id_at_idx" ON "webhook_attempt"("org_id", "delivery_id", "at");

SELECT suan_secure_tenant_table('webhook');
SELECT suan_secure_tenant_table('webhook_delivery');
SELECT suan_secure_tenant_table(t, 'append') FROM unnest(ARRAY['event', 'webhook_attempt']) t;

GRANT USAGE ON SEQUENCE event_seq_seq TO app_api, app_worker;
-- The worker forgets what is older than a month.
GRANT DELETE ON event, webhook_attempt TO app_worker;
-- Owners are mailed when their webhook is turned off.
GRANT SELECT (id, email) ON auth_user TO app_worker;

ALTER TABLE webhook ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD CHECK (status IN ('enabled', 'disabled', 'failed')),
  ADD CHECK ((old_secret IS NULL) = (old_secret_until IS NULL));
ALTER TABLE webhook_delivery ADD FOREIGN KEY (org_id, webhook_id) REFERENCES webhook (org_id, id),
  ADD CHECK (status IN ('pending', 'delivered', 'failed', 'canceled')),
  ADD CHECK (origin IN ('event', 'replay', 'probe')), ADD CHECK ((status = 'pending') = (done_at IS NULL));
ALTER TABLE webhook_attempt ADD FOREIGN KEY (org_id, delivery_id) REFERENCES webhook_delivery (org_id, id) ON DELETE CASCADE,
  ADD CHECK (duration_ms >= 0), ADD CHECK ((status IS NULL) <> (error IS NULL));
-- One event is delivered once to one webhook; what is sent again is another delivery under the same event's id.
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook_id, event_id) WHERE origin = 'event';
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE status = 'pending';

-- ---------------------------------------------------------------- ids made here
-- As packages/domain/src/ids.ts makes them: a UUIDv7 in 26 characters of Crockford base32.
CREATE FUNCTION suan_mint_id(prefix text) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT prefix || '_' || string_agg(
    substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + substring(bits FROM i * 5 + 1 FOR 5)::bit(5)::int, 1), '' ORDER BY i)
  FROM (SELECT B'00' || ('x' || replace(uuidv7()::text, '-', ''))::bit(128) AS bits) made, generate_series(0, 25) i
$$;

-- ---------------------------------------------------------------- what changes is told
-- The id of the writing transaction orders events with seq: a reader that stays below the oldest transaction still under way
-- (pg_snapshot_xmin) can never be overtaken by one that commits late.
CREATE FUNCTION suan_tell(org text, project text, type text, subject text, permission text, data jsonb)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO event (id, org_id, project_id, type, subject, permission, data, at, txid)
  VALUES (suan_mint_id('evt'), org, project, type, subject, permission, jsonb_strip_nulls(data), clock_timestamp(),
    pg_current_xact_id()::text::bigint)
$$;

CREATE FUNCTION suan_event_bell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('event', '');
  RETURN NULL;
END $$;
CREATE TRIGGER bell AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION suan_event_bell();

CREATE FUNCTION suan_tell_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w record;
BEGIN
  SELECT kind, project_id, name INTO w FROM workload WHERE org_id = NEW.org_id AND id = NEW.workload_id;
  PERFORM suan_tell(NEW.org_id, w.project_id, w.kind || '.' || NEW.to_state, NEW.workload_id, w.kind || '.read',
    jsonb_build_object('name', w.name, 'state', NEW.to_state, 'previous_state', NEW.from_state, 'cause', NEW.event,
      'reason', NEW.reason, 'operation_id', NEW.operation_id));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON state_change FOR EACH ROW EXECUTE FUNCTION suan_tell_state();

CREATE FUNCTION suan_tell_operation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w record;
BEGIN
  SELECT kind, project_id INTO w FROM workload WHERE org_id = NEW.org_id AND id = NEW.workload_id;
  PERFORM suan_tell(NEW.org_id, w.project_id, 'operation.' || NEW.status, NEW.id, w.kind || '.read',
    jsonb_build_object('kind', NEW.kind, 'status', NEW.status, 'resource', NEW.workload_id));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON operation FOR EACH ROW EXECUTE FUNCTION suan_tell_operation();
CREATE TRIGGER tell_again AFTER UPDATE OF status ON operation FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION suan_tell_operation();

CREATE FUNCTION suan_tell_eviction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  w record;
BEGIN
  SELECT kind, project_id, name INTO w FROM workload WHERE org_id = NEW.org_id AND id = NEW.workload_id;
  PERFORM suan_tell(NEW.org_id, w.project_id, w.kind || '.interruption_' || NEW.state, NEW.workload_id, w.kind || '.read',
    jsonb_build_object('name', w.name, 'cause', NEW.cause, 'leave_at', NEW.leave_at, 'reason', NEW.reason));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON eviction FOR EACH ROW EXECUTE FUNCTION suan_tell_eviction();
CREATE TRIGGER tell_again AFTER UPDATE OF state ON eviction FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION suan_tell_eviction();

-- Money: what an account should know, invoices and payments.
CREATE FUNCTION suan_tell_billing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM suan_tell(NEW.org_id, NULL, 'billing.' || NEW.kind, NULL, 'billing.read', NEW.detail);
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON billing_event FOR EACH ROW EXECUTE FUNCTION suan_tell_billing();

CREATE FUNCTION suan_tell_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM suan_tell(NEW.org_id, NULL, 'invoice.' || NEW.status, NEW.id, 'billing.read',
    jsonb_build_object('number', NEW.number, 'currency', NEW.currency, 'status', NEW.status));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION suan_tell_invoice();
CREATE TRIGGER tell_again AFTER UPDATE OF status ON invoice FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION suan_tell_invoice();

CREATE FUNCTION suan_tell_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM suan_tell(NEW.org_id, NULL, 'payment.' || NEW.status, NEW.id, 'billing.read',
    jsonb_build_object('purpose', NEW.purpose, 'currency', NEW.currency, 'status', NEW.status, 'invoice_id', NEW.invoice_id));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON payment FOR EACH ROW EXECUTE FUNCTION suan_tell_payment();
CREATE TRIGGER tell_again AFTER UPDATE OF status ON payment FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION suan_tell_payment();

-- Everything else that somebody did stands in the audit log first; who may read the thing may hear of it.
CREATE FUNCTION suan_tell_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  thing text := split_part(NEW.action, '.', 1);
  verb text := split_part(NEW.action, '.', 2);
  told text := CASE verb WHEN 'create' THEN 'created' WHEN 'delete' THEN 'deleted' WHEN 'modify' THEN 'updated'
    WHEN 'update' THEN 'updated' WHEN 'add' THEN 'added' WHEN 'remove' THEN 'removed' WHEN 'roll' THEN 'rolled'
    WHEN 'pay' THEN 'pay_requested' WHEN 'revoke' THEN 'revoked' WHEN 'accept' THEN 'accepted' WHEN 'transfer' THEN 'transferred'
    WHEN 'close' THEN 'closed' WHEN 'advance' THEN 'advanced' WHEN 'approve' THEN 'approved' WHEN 'deny' THEN 'denied'
    WHEN 'withdraw' THEN 'withdrawn' WHEN 'leave' THEN 'left' WHEN 'end' THEN 'ended' ELSE verb END;
BEGIN
  PERFORM suan_tell(NEW.org_id, CASE WHEN NEW.resource LIKE 'inst\_%' OR NEW.resource LIKE 'clus\_%'
      THEN (SELECT project_id FROM workload WHERE org_id = NEW.org_id AND id = NEW.resource)
      WHEN NEW.resource LIKE 'proj\_%' THEN NEW.resource END,
    thing || '.' || told, NEW.resource,
    CASE WHEN thing IN ('instance', 'cluster', 'api_key', 'ssh_key', 'project', 'member', 'project_member', 'organization', 'quota',
        'quota_request') THEN thing || '.read'
      WHEN thing IN ('billing', 'budget', 'payment_method', 'invoice', 'payment', 'credit') THEN 'billing.read'
      WHEN thing IN ('invitation') THEN 'member.read' ELSE 'audit.read' END,
    jsonb_build_object('actor', NEW.actor, 'audit_event_id', NEW.id));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON audit_event FOR EACH ROW WHEN (NEW.result = 'success' AND NEW.org_id LIKE 'org\_%')
  EXECUTE FUNCTION suan_tell_audit();

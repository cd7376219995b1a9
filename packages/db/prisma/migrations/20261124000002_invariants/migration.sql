-- Invariants that the schema language cannot say: roles, row-level security, exclusion, balance, append-only, outbox bell.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- ---------------------------------------------------------------- roles (cluster-wide; passwords are set at deployment)
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['db_owner', 'app_api', 'app_worker', 'app_auth', 'app_ops'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', r);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA public TO db_owner, app_api, app_worker, app_auth, app_ops;
GRANT CREATE ON SCHEMA public TO db_owner;

-- ---------------------------------------------------------------- usage evidence
CREATE TABLE usage_block (
  org_id        text   NOT NULL,
  allocation_id text   NOT NULL,
  win_start_s   bigint NOT NULL,
  rev           int    NOT NULL DEFAULT 0,
  bytes         bytea  NOT NULL CHECK (octet_length(bytes) = 120),
  digest        text   NOT NULL,
  agent_id      text   NOT NULL,
  zone_id       text   NOT NULL,
  engine_seq    bigint NOT NULL,
  measured      int    NOT NULL,
  sum_ppm       bigint NOT NULL,
  -- billing time at which it arrived (wall clock + the allocation's clock offset)
  arrived_s     bigint NOT NULL,
  received_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (allocation_id, win_start_s, rev, digest),
  CHECK (win_start_s % 60 = 0)
) PARTITION BY RANGE (win_start_s);
-- The key holds the digest too, so that two different deliveries of one window and revision are both kept (a conflict).
CREATE TABLE usage_block_rest PARTITION OF usage_block DEFAULT;
CREATE INDEX usage_block_org ON usage_block (org_id, allocation_id, win_start_s);

-- Makes daily partitions ahead; a day whose rows already lie in the rest partition is left there.
CREATE FUNCTION suan_ensure_usage_partitions(first_day date, days int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  made int := 0;
  d date;
  part text;
BEGIN
  FOR i IN 0 .. days - 1 LOOP
    d := first_day + i;
    part := 'usage_block_' || to_char(d, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(part) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF usage_block FOR VALUES FROM (%s) TO (%s)', part,
        extract(epoch FROM d::timestamp AT TIME ZONE 'UTC')::bigint,
        extract(epoch FROM (d + 1)::timestamp AT TIME ZONE 'UTC')::bigint);
      EXECUTE format('ALTER TABLE %I OWNER TO db_owner', part);
      made := made + 1;
    EXCEPTION WHEN check_violation THEN NULL;
    END;
  END LOOP;
  RETURN made;
END $$;

-- ---------------------------------------------------------------- tenancy: composite keys carry the organisation
ALTER TABLE workload ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id);
ALTER TABLE allocation ADD FOREIGN KEY (org_id, workload_id) REFERENCES workload (org_id, id);
ALTER TABLE allocation ADD FOREIGN KEY (org_id, operation_id) REFERENCES operation (org_id, id);
ALTER TABLE allocation_device ADD FOREIGN KEY (org_id, allocation_id) REFERENCES allocation (org_id, id);
ALTER TABLE allocation_device ADD FOREIGN KEY (device_id) REFERENCES device (id);
ALTER TABLE undelivered ADD FOREIGN KEY (org_id, allocation_id) REFERENCES allocation (org_id, id);
ALTER TABLE operation ADD FOREIGN KEY (org_id, workload_id) REFERENCES workload (org_id, id);
ALTER TABLE operation_step ADD FOREIGN KEY (org_id, operation_id) REFERENCES operation (org_id, id);
ALTER TABLE state_change ADD FOREIGN KEY (org_id, workload_id) REFERENCES workload (org_id, id);
ALTER TABLE ledger_entry ADD FOREIGN KEY (org_id, journal_id) REFERENCES journal (org_id, id);
ALTER TABLE invoice_line ADD FOREIGN KEY (org_id, invoice_id) REFERENCES invoice (org_id, id);
ALTER TABLE invoice ADD FOREIGN KEY (org_id, run_id) REFERENCES rating_run (org_id, id);
ALTER TABLE invoice ADD FOREIGN KEY (legal_entity_id) REFERENCES legal_entity (id);
ALTER TABLE api_key ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id);

-- Applies the tenant rules to one table; every later migration that adds a tenant table calls it.
--   mode 'rw': read and write; 'append': insert and read only.
CREATE FUNCTION suan_secure_tenant_table(name text, mode text DEFAULT 'rw', org_column text DEFAULT 'org_id')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  mine text := format('%I = nullif(current_setting(''app.org_id'', true), '''')', org_column);
  rights text := CASE mode WHEN 'append' THEN 'SELECT, INSERT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END;
BEGIN
  EXECUTE format('ALTER TABLE %I OWNER TO db_owner', name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY tenant ON %I TO app_api USING (%s) WITH CHECK (%s)', name, mine, mine);
  EXECUTE format('CREATE POLICY worker ON %I TO app_worker USING (true) WITH CHECK (true)', name);
  EXECUTE format('CREATE POLICY operator_reads ON %I FOR SELECT TO app_ops USING (true)', name);
  EXECUTE format('GRANT %s ON %I TO app_api, app_worker', rights, name);
  EXECUTE format('GRANT SELECT ON %I TO app_ops', name);
END $$;

SELECT suan_secure_tenant_table('organization', 'rw', 'id');
SELECT suan_secure_tenant_table(t) FROM unnest(ARRAY['membership', 'project', 'api_key', 'ssh_key', 'quota', 'workload',
  'allocation', 'allocation_device', 'undelivered', 'operation', 'operation_step', 'idempotency_key', 'billing_period',
  'invoice', 'payment', 'ledger_balance']) t;
SELECT suan_secure_tenant_table(t, 'append') FROM unnest(ARRAY['state_change', 'audit_event', 'usage_block', 'rating_run',
  'invoice_line', 'journal', 'ledger_entry']) t;

-- The identity role finds principals before a tenant is known; it sees no workload, usage or money.
CREATE POLICY identity ON membership TO app_auth USING (true) WITH CHECK (true);
CREATE POLICY identity ON organization FOR SELECT TO app_auth USING (true);
CREATE POLICY identity_reads ON api_key FOR SELECT TO app_auth USING (true);
CREATE POLICY identity_marks ON api_key FOR UPDATE TO app_auth USING (true) WITH CHECK (true);
GRANT SELECT ON membership, organization, api_key TO app_auth;
GRANT UPDATE (last_used_at) ON api_key TO app_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_user, auth_session, auth_account, auth_verification TO app_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON operator_user, operator_session TO app_ops;

-- Not tenant data: the fleet, the catalogue of prices, plumbing.
GRANT SELECT ON region, zone, node, device, sku, price_row, legal_entity TO app_api, app_worker, app_ops;
GRANT INSERT, UPDATE, DELETE ON region, zone, node, device, sku, legal_entity TO app_worker;
GRANT INSERT ON price_row TO app_worker;
GRANT UPDATE ON node TO app_ops;
GRANT SELECT, INSERT ON outbox TO app_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox, telemetry_cursor, usage_quarantine TO app_worker;
GRANT SELECT ON outbox, usage_quarantine TO app_ops;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO app_api, app_worker;
GRANT SELECT ON auth_user TO app_ops;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['auth_user', 'auth_session', 'auth_account', 'auth_verification', 'operator_user',
    'operator_session', 'region', 'zone', 'node', 'device', 'sku', 'price_row', 'legal_entity', 'outbox',
    'telemetry_cursor', 'usage_quarantine', 'usage_block_rest'] LOOP
    EXECUTE format('ALTER TABLE %I OWNER TO db_owner', t);
  END LOOP;
END $$;

-- ---------------------------------------------------------------- closed vocabularies and shapes
ALTER TABLE organization ADD CHECK (mode IN ('live', 'sandbox')), ADD CHECK (clock_offset_s >= 0 AND clock_offset_s % 60 = 0),
  ADD CHECK (mode = 'sandbox' OR clock_offset_s = 0);
ALTER TABLE membership ADD CHECK (role IN ('owner', 'admin', 'billing', 'auditor', 'member'));
ALTER TABLE workload ADD CHECK (kind IN ('instance', 'cluster')), ADD CHECK (node_count BETWEEN 1 AND 1024),
  ADD CHECK (gpus_per_node BETWEEN 1 AND 16), ADD CHECK (desired IN ('running', 'stopped', 'terminated')),
  ADD CHECK (state IN ('queued', 'provisioning', 'running', 'stopping', 'stopped', 'starting', 'interrupted', 'failed',
    'terminating', 'terminated'));
ALTER TABLE operation ADD CHECK (kind IN ('launch', 'stop', 'start', 'terminate')),
  ADD CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'superseded'));
ALTER TABLE allocation ADD CHECK (end_s IS NULL OR (start_s IS NOT NULL AND end_s >= start_s)),
  ADD CHECK (state IN ('prepared', 'running', 'ended', 'failed')),
  ADD CHECK ((state = 'running') = (start_s IS NOT NULL AND end_s IS NULL)), ADD CHECK (gpus > 0);
ALTER TABLE undelivered ADD CHECK (to_s > from_s);
ALTER TABLE price_row ADD CHECK (micro_per_gpu_hour >= 0);
ALTER TABLE payment ADD CHECK (amount_minor > 0), ADD CHECK (status IN ('pending', 'succeeded', 'failed'));
ALTER TABLE billing_period ADD CHECK (to_s > from_s);
ALTER TABLE billing_period ADD CONSTRAINT billing_period_apart EXCLUDE USING gist (org_id WITH =, int8range(from_s, to_s) WITH &&);

-- One live name per project and kind; one operation under way per workload.
CREATE UNIQUE INDEX workload_live_name ON workload (org_id, project_id, kind, name) WHERE state NOT IN ('terminated', 'failed');
CREATE UNIQUE INDEX operation_one_active ON operation (workload_id) WHERE status IN ('pending', 'running');
CREATE INDEX operation_due ON operation (next_attempt_at) WHERE status IN ('pending', 'running');
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
CREATE INDEX device_free ON device (zone_id, model_id, node_id) WHERE held_by IS NULL;
CREATE INDEX allocation_open ON allocation (zone_id) WHERE state IN ('prepared', 'running');

-- ---------------------------------------------------------------- no device is given twice
ALTER TABLE allocation_device ADD CONSTRAINT device_given_once EXCLUDE USING gist (device_id WITH =, span WITH &&);

-- ---------------------------------------------------------------- append-only tables
CREATE FUNCTION suan_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_event', 'journal', 'ledger_entry', 'state_change', 'price_row', 'invoice_line',
    'rating_run', 'usage_block'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION suan_refuse_change()', t);
  END LOOP;
END $$;

-- An issued invoice never changes but for what has been paid on it and being voided.
CREATE FUNCTION suan_invoice_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - ARRAY['paid_minor', 'due_minor', 'status'])
      <> (to_jsonb(NEW) - ARRAY['paid_minor', 'due_minor', 'status']) THEN
    RAISE EXCEPTION 'invoice % is issued and does not change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION suan_invoice_frozen();

-- No billed second outside its lease: a usage line may not bill more seconds than the lease has in the line's period.
CREATE FUNCTION suan_line_within_lease() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE leased bigint;
BEGIN
  IF NEW.allocation_id IS NOT NULL AND NEW.kind = 'usage' THEN
    SELECT greatest(0, least(coalesce(end_s, NEW.to_s), NEW.to_s) - greatest(start_s, NEW.from_s)) INTO leased
      FROM allocation WHERE org_id = NEW.org_id AND id = NEW.allocation_id;
    IF leased IS NULL OR NEW.billed_seconds > leased THEN
      RAISE EXCEPTION 'line % bills % s of a lease of % s', NEW.key, NEW.billed_seconds, leased
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER within_lease BEFORE INSERT ON invoice_line FOR EACH ROW EXECUTE FUNCTION suan_line_within_lease();

-- A lease's ends are written once.
CREATE FUNCTION suan_lease_edges_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.start_s IS NOT NULL AND NEW.start_s IS DISTINCT FROM OLD.start_s)
     OR (OLD.end_s IS NOT NULL AND NEW.end_s IS DISTINCT FROM OLD.end_s) THEN
    RAISE EXCEPTION 'lease % has its edges already', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER edges_once BEFORE UPDATE ON allocation FOR EACH ROW EXECUTE FUNCTION suan_lease_edges_once();

-- ---------------------------------------------------------------- double entry
CREATE FUNCTION suan_journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE off record;
BEGIN
  SELECT currency, sum(micro) AS total INTO off FROM ledger_entry
    WHERE org_id = NEW.org_id AND journal_id = NEW.journal_id GROUP BY currency HAVING sum(micro) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not balance: % % micro', NEW.journal_id, off.total, off.currency
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION suan_journal_balances();

CREATE FUNCTION suan_keep_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_balance (org_id, account, currency, micro) VALUES (NEW.org_id, NEW.account, NEW.currency, NEW.micro)
  ON CONFLICT (org_id, account, currency) DO UPDATE SET micro = ledger_balance.micro + excluded.micro;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_balance AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION suan_keep_balance();

-- ---------------------------------------------------------------- audit: a hash chain per organisation
CREATE FUNCTION suan_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || NEW.org_id, 0));
  SELECT seq, hash INTO last FROM audit_event WHERE org_id = NEW.org_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.prev_hash := coalesce(last.hash, '');
  NEW.hash := encode(sha256(convert_to(NEW.prev_hash || E'\n' || jsonb_build_object('id', NEW.id, 'org_id', NEW.org_id,
    'seq', NEW.seq, 'at', extract(epoch FROM NEW.at)::numeric(20, 3), 'actor', NEW.actor, 'auth_method', NEW.auth_method,
    'action', NEW.action, 'resource', NEW.resource, 'result', NEW.result, 'detail', NEW.detail,
    'request_id', NEW.request_id, 'ip', NEW.ip)::text, 'UTF8')), 'hex');
  RETURN NEW;
END $$;
CREATE TRIGGER seal BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION suan_audit_seal();

-- ---------------------------------------------------------------- the outbox rings when something was committed
CREATE FUNCTION suan_outbox_bell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER bell AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION suan_outbox_bell();

-- ---------------------------------------------------------------- clocks
-- Billing time of an organisation: the database clock plus its sandbox offset, in whole seconds.
CREATE FUNCTION suan_billing_now_s(offset_s bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT floor(extract(epoch FROM clock_timestamp()))::bigint + offset_s
$$;

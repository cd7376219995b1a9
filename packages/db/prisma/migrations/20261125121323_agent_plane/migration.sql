-- CreateTable
CREATE TABLE "agent" (
    "id" TEXT NOT NULL,
    "zone_id" TEXT NOT NULL,
    "node_id" TEXT,
    "public_key" BYTEA NOT NULL,
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "high_seq" BIGINT NOT NULL DEFAULT 0,
    "high_sent_ms" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_token" (
    "digest" TEXT NOT NULL,
    "zone_id" TEXT NOT NULL,
    "node_id" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "agent_token_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "agent_batch" (
    "agent_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "digest" TEXT NOT NULL,
    "answer" JSONB,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_batch_pkey" PRIMARY KEY ("agent_id","seq")
);

-- CreateTable
CREATE TABLE "agent_lease" (
    "allocation_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,

    CONSTRAINT "agent_lease_pkey" PRIMARY KEY ("allocation_id")
);

-- CreateIndex
CREATE INDEX "agent_batch_received_at_idx" ON "agent_batch"("received_at");

-- AddForeignKey
ALTER TABLE "agent_batch" ADD CONSTRAINT "agent_batch_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_lease" ADD CONSTRAINT "agent_lease_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- the agent plane's own role
-- It stores evidence and reads which lease a block may speak for; it sees no name, no money and no person.
DO $$
BEGIN
  CREATE ROLE app_agent NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO app_agent;

CREATE POLICY agent_reads ON organization FOR SELECT TO app_agent USING (true);
GRANT SELECT (id, mode, clock_offset_s) ON organization TO app_agent;
CREATE POLICY agent_reads ON allocation FOR SELECT TO app_agent USING (true);
GRANT SELECT (id, org_id, zone_id, node_id) ON allocation TO app_agent;
CREATE POLICY agent_reads ON usage_block FOR SELECT TO app_agent USING (true);
CREATE POLICY agent_stores ON usage_block FOR INSERT TO app_agent WITH CHECK (true);
GRANT SELECT (allocation_id, win_start_s, rev, digest), INSERT ON usage_block TO app_agent;
GRANT SELECT, INSERT ON usage_quarantine TO app_agent;
GRANT USAGE, SELECT ON SEQUENCE usage_batch_seq, usage_quarantine_id_seq TO app_agent;

ALTER TABLE agent OWNER TO db_owner;
ALTER TABLE agent_token OWNER TO db_owner;
ALTER TABLE agent_batch OWNER TO db_owner;
ALTER TABLE agent_lease OWNER TO db_owner;
ALTER TABLE agent ADD FOREIGN KEY (zone_id) REFERENCES zone (id), ADD CHECK (octet_length(public_key) = 32);
GRANT SELECT, INSERT ON agent TO app_agent;
GRANT UPDATE (high_seq, high_sent_ms) ON agent TO app_agent;
GRANT SELECT ON agent_token TO app_agent;
GRANT UPDATE (used_at) ON agent_token TO app_agent;
GRANT SELECT, INSERT ON agent_batch TO app_agent;
GRANT UPDATE (answer) ON agent_batch TO app_agent;
GRANT SELECT, INSERT ON agent_lease TO app_agent;
GRANT UPDATE (agent_id) ON agent_lease TO app_agent;
GRANT SELECT, INSERT, DELETE ON agent_token TO app_worker;
GRANT SELECT ON agent, agent_lease TO app_worker;
GRANT UPDATE (revoked_at) ON agent TO app_worker;
GRANT SELECT, DELETE ON agent_batch TO app_worker;
GRANT SELECT ON agent, agent_batch, agent_lease TO app_ops;

-- ---------------------------------------------------------------- days of evidence
-- Makes the days [today - 1, today + ahead) and drops every one that ends by keep_from_s. It has its owner's rights because
-- a worker owns no table; it reads no row.
CREATE FUNCTION suan_keep_usage_days(today_s bigint, ahead int, keep_from_s bigint)
RETURNS TABLE (made int, dropped text[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  part text;
  day date;
BEGIN
  made := public.suan_ensure_usage_partitions((to_timestamp(today_s) AT TIME ZONE 'UTC')::date - 1, ahead + 1);
  dropped := ARRAY[]::text[];
  FOR part IN
    SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.usage_block'::regclass AND c.relname ~ '^usage_block_\d{8}$' ORDER BY 1
  LOOP
    day := to_date(right(part, 8), 'YYYYMMDD');
    CONTINUE WHEN extract(epoch FROM (day + 1)::timestamp AT TIME ZONE 'UTC')::bigint > keep_from_s;
    EXECUTE format('DROP TABLE public.%I', part);
    dropped := dropped || part;
  END LOOP;
  RETURN NEXT;
END $$;
ALTER FUNCTION suan_keep_usage_days OWNER TO db_owner;
REVOKE ALL ON FUNCTION suan_keep_usage_days FROM PUBLIC;
GRANT EXECUTE ON FUNCTION suan_keep_usage_days TO app_worker;

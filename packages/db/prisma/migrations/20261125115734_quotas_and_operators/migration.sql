-- AlterTable
ALTER TABLE "audit_event" ADD COLUMN     "impersonator" TEXT;

-- AlterTable
ALTER TABLE "operator_user" ADD COLUMN     "jobs" TEXT[] DEFAULT ARRAY['support', 'billing_ops', 'infra_ops', 'security']::TEXT[];

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "impersonation_consent" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "project_quota" (
    "org_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "limit" INTEGER NOT NULL,

    CONSTRAINT "project_quota_pkey" PRIMARY KEY ("org_id","project_id","metric")
);

-- CreateTable
CREATE TABLE "quota_request" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "limit_before" INTEGER NOT NULL,
    "wanted" INTEGER NOT NULL,
    "granted" INTEGER,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first_approved_by" TEXT,
    "first_approved_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "answer" TEXT,

    CONSTRAINT "quota_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "impersonation" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "operator_id" TEXT NOT NULL,
    "operator_name" TEXT NOT NULL,
    "subject_user_id" TEXT NOT NULL,
    "ticket" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "duration_s" INTEGER NOT NULL,
    "token_hash" TEXT NOT NULL,
    "consent_required" BOOLEAN NOT NULL,
    "consented_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,

    CONSTRAINT "impersonation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "quota_request_org_id_created_at_idx" ON "quota_request"("org_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "quota_request_org_id_id_key" ON "quota_request"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "impersonation_token_hash_key" ON "impersonation"("token_hash");

-- CreateIndex
CREATE INDEX "impersonation_org_id_created_at_idx" ON "impersonation"("org_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "impersonation_org_id_id_key" ON "impersonation"("org_id", "id");

-- ---------------------------------------------------------------- by hand
ALTER TABLE operator_user ADD CHECK (jobs <@ ARRAY['support', 'billing_ops', 'infra_ops', 'security']);
ALTER TABLE project_quota ADD CHECK ("limit" >= 0), ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id);
ALTER TABLE quota_request ADD CHECK (status IN ('pending', 'awaiting_second', 'approved', 'denied', 'withdrawn')),
  ADD CHECK (wanted > limit_before), ADD CHECK (granted IS NULL OR granted > limit_before),
  ADD CHECK ((first_approved_by IS NULL) = (first_approved_at IS NULL)),
  ADD CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  ADD CHECK ((status IN ('pending', 'awaiting_second')) = (decided_at IS NULL)),
  ADD CHECK ((status IN ('awaiting_second', 'approved')) <= (granted IS NOT NULL)),
  ADD CONSTRAINT two_people CHECK (status <> 'approved' OR decided_by IS DISTINCT FROM first_approved_by);
CREATE UNIQUE INDEX quota_request_open ON quota_request (org_id, metric) WHERE status IN ('pending', 'awaiting_second');
ALTER TABLE impersonation ADD CHECK (duration_s BETWEEN 60 AND 1800), ADD CHECK (length(ticket) > 0 AND length(reason) > 0),
  ADD CHECK ((started_at IS NULL) = (expires_at IS NULL)),
  ADD CHECK (expires_at <= started_at + make_interval(secs => duration_s)),
  ADD CONSTRAINT consent_first CHECK (started_at IS NULL OR NOT consent_required OR consented_by IS NOT NULL);
ALTER TABLE audit_event ADD CHECK (result IN ('success', 'denied', 'unknown'));

SELECT suan_secure_tenant_table(t) FROM unnest(ARRAY['project_quota', 'quota_request', 'impersonation']) t;
CREATE POLICY identity ON impersonation FOR SELECT TO app_auth USING (true);
GRANT SELECT ON impersonation TO app_auth;

-- Who stands behind an impersonated actor is part of what is sealed. Entries without have the hash they always had.
CREATE OR REPLACE FUNCTION suan_audit_hash(entry audit_event) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(entry.prev_hash || E'\n' || (jsonb_build_object('id', entry.id, 'org_id', entry.org_id,
    'seq', entry.seq, 'at', extract(epoch FROM entry.at)::numeric(20, 3), 'actor', entry.actor,
    'auth_method', entry.auth_method, 'action', entry.action, 'resource', entry.resource, 'result', entry.result,
    'detail', entry.detail, 'request_id', entry.request_id, 'ip', entry.ip)
    || CASE WHEN entry.impersonator IS NULL THEN '{}'::jsonb
         ELSE jsonb_build_object('impersonator', entry.impersonator) END)::text, 'UTF8')), 'hex')
$$;

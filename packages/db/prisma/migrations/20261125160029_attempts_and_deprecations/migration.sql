-- CreateTable
CREATE TABLE "audit_attempt" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deprecated_call" (
    "org_id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "operation_id" TEXT NOT NULL,
    "since" DATE NOT NULL,
    "sunset" DATE NOT NULL,
    "successor" TEXT,
    "calls" BIGINT NOT NULL,
    "first_used_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deprecated_call_pkey" PRIMARY KEY ("org_id","actor","operation_id")
);

-- CreateIndex
CREATE INDEX "audit_attempt_started_at_idx" ON "audit_attempt"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_attempt_org_id_id_key" ON "audit_attempt"("org_id", "id");

-- ---------------------------------------------------------------- by hand
ALTER TABLE audit_attempt ADD FOREIGN KEY (org_id) REFERENCES organization (id);
SELECT suan_secure_tenant_table('audit_attempt');
ALTER TABLE deprecated_call ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD CHECK (calls > 0), ADD CHECK (last_used_at >= first_used_at);
SELECT suan_secure_tenant_table('deprecated_call');

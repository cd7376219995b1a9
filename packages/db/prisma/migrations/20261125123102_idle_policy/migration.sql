-- CreateTable
CREATE TABLE "idle_policy" (
    "org_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "threshold_ppm" INTEGER NOT NULL,
    "idle_minutes" INTEGER NOT NULL,
    "warn_minutes" INTEGER NOT NULL,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idle_policy_pkey" PRIMARY KEY ("project_id")
);

-- CreateTable
CREATE TABLE "idle_warning" (
    "org_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "warned_s" BIGINT NOT NULL,
    "stops_s" BIGINT NOT NULL,

    CONSTRAINT "idle_warning_pkey" PRIMARY KEY ("workload_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "idle_policy_org_id_project_id_key" ON "idle_policy"("org_id", "project_id");

-- CreateIndex
CREATE UNIQUE INDEX "idle_warning_org_id_workload_id_key" ON "idle_warning"("org_id", "workload_id");

-- ---------------------------------------------------------------- by hand
SELECT suan_secure_tenant_table(t) FROM unnest(ARRAY['idle_policy', 'idle_warning']) t;
ALTER TABLE idle_policy ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id),
  ADD CHECK (threshold_ppm BETWEEN 1 AND 1000000), ADD CHECK (idle_minutes BETWEEN 5 AND 1440),
  ADD CHECK (warn_minutes BETWEEN 1 AND 1440);
ALTER TABLE idle_warning ADD FOREIGN KEY (org_id, workload_id) REFERENCES workload (org_id, id), ADD CHECK (stops_s > warned_s);

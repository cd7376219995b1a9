CREATE TABLE "usage_hour" (
    "org_id" TEXT NOT NULL,
    "allocation_id" TEXT NOT NULL,
    "hour_s" BIGINT NOT NULL,
    "blocks" INTEGER NOT NULL,
    "windows" INTEGER NOT NULL,
    "measured" BIGINT NOT NULL,
    "sum_ppm" BIGINT NOT NULL,
    "last_batch_seq" BIGINT NOT NULL,
    "last_arrived_s" BIGINT NOT NULL,

    CONSTRAINT "usage_hour_pkey" PRIMARY KEY ("allocation_id","hour_s")
);
CREATE INDEX "usage_hour_org_id_idx" ON "usage_hour"("org_id");

CREATE TABLE "usage_hour_mark" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "batch_seq" BIGINT NOT NULL,

    CONSTRAINT "usage_hour_mark_pkey" PRIMARY KEY ("one")
);

SELECT suan_secure_tenant_table('usage_hour');
REVOKE INSERT, UPDATE, DELETE ON usage_hour FROM app_api;
ALTER TABLE usage_hour ADD CHECK (hour_s % 3600 = 0), ADD CHECK (blocks >= windows AND windows > 0);
ALTER TABLE usage_hour_mark OWNER TO db_owner;
ALTER TABLE usage_hour_mark ADD CHECK (one);
GRANT SELECT ON usage_hour_mark TO app_api, app_worker, app_ops;
GRANT INSERT, UPDATE, DELETE ON usage_hour_mark TO app_worker;

-- Batches are numbered as they come, so that the newest ones lie together.
CREATE INDEX usage_block_batch ON usage_block USING brin (batch_seq) WITH (pages_per_range = 16);

-- CreateTable
CREATE TABLE "what_if" (
    "id" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "result" JSONB,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "what_if_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "what_if_created_at_idx" ON "what_if"("created_at");

ALTER TABLE what_if OWNER TO db_owner;
ALTER TABLE what_if ADD FOREIGN KEY (region_id) REFERENCES region (id), ADD CHECK (state IN ('pending', 'done', 'failed')),
  ADD CHECK ((state = 'pending') = (finished_at IS NULL)), ADD CHECK ((state = 'done') = (result IS NOT NULL));
GRANT SELECT, INSERT ON what_if TO app_ops;
GRANT SELECT, UPDATE ON what_if TO app_worker;
CREATE INDEX what_if_pending ON what_if (id) WHERE state = 'pending';

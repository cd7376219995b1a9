-- CreateTable
CREATE TABLE "fapiao_request" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "tax_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "bank_name" TEXT NOT NULL,
    "bank_account" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'requested',
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "number" TEXT,
    "reason" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "fapiao_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "fapiao_request_number_key" ON "fapiao_request"("number");

-- CreateIndex
CREATE INDEX "fapiao_request_org_id_created_at_idx" ON "fapiao_request"("org_id", "created_at");

-- CreateIndex
CREATE INDEX "fapiao_request_status_created_at_idx" ON "fapiao_request"("status", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "fapiao_request_org_id_id_key" ON "fapiao_request"("org_id", "id");

-- ---------------------------------------------------------------- by hand
ALTER TABLE fapiao_request ADD FOREIGN KEY (org_id, invoice_id) REFERENCES invoice (org_id, id),
  ADD CHECK (amount_minor > 0), ADD CHECK (kind IN ('ordinary', 'special')),
  ADD CHECK (status IN ('requested', 'issued', 'rejected')),
  ADD CHECK ((status = 'requested') = (decided_at IS NULL)), ADD CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  ADD CHECK ((status = 'issued') = (number IS NOT NULL)), ADD CHECK ((status = 'rejected') = (reason IS NOT NULL));
CREATE UNIQUE INDEX fapiao_request_open ON fapiao_request (org_id, invoice_id) WHERE status = 'requested';
SELECT suan_secure_tenant_table('fapiao_request');

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "payment_method_id" TEXT,
ADD COLUMN     "return_url" TEXT;

-- CreateTable
CREATE TABLE "payment_method" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "provider_ref" TEXT,
    "setup_ref" TEXT,
    "setup_url" TEXT,
    "return_url" TEXT NOT NULL,
    "kind" TEXT,
    "brand" TEXT,
    "last4" TEXT,
    "exp_month" INTEGER,
    "exp_year" INTEGER,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "failure" TEXT,
    "asked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_method_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "payment_method_provider_ref_key" ON "payment_method"("provider_ref");

-- CreateIndex
CREATE UNIQUE INDEX "payment_method_setup_ref_key" ON "payment_method"("setup_ref");

-- CreateIndex
CREATE UNIQUE INDEX "payment_method_org_id_id_key" ON "payment_method"("org_id", "id");

-- ---------------------------------------------------------------- by hand
SELECT suan_secure_tenant_table('payment_method');
ALTER TABLE payment_method ADD FOREIGN KEY (org_id) REFERENCES organization (id), ADD CHECK (provider IN ('stripe')),
  ADD CHECK (status IN ('pending', 'requires_action', 'active', 'failed', 'detached'));
ALTER TABLE payment ADD FOREIGN KEY (org_id, payment_method_id) REFERENCES payment_method (org_id, id);
CREATE UNIQUE INDEX payment_method_one_default ON payment_method (org_id) WHERE is_default AND status = 'active';
CREATE INDEX payment_to_send ON payment (created_at) WHERE provider = 'stripe' AND status = 'pending';
CREATE INDEX payment_method_to_send ON payment_method (created_at) WHERE status = 'pending';

-- Billing: batches of ingested blocks, credit notes, tax of a legal entity, what a line says about its seconds.

-- ---------------------------------------------------------------- evidence: a cutoff is a batch number
-- Every ingest takes the next number under a shared lock; finalization reads the last one under the exclusive lock, so
-- "all blocks with batch_seq <= n" is the same set for ever.
CREATE SEQUENCE usage_batch_seq;
ALTER SEQUENCE usage_batch_seq OWNER TO db_owner;
GRANT USAGE, SELECT ON SEQUENCE usage_batch_seq TO app_worker;
ALTER TABLE usage_block ADD COLUMN batch_seq bigint NOT NULL DEFAULT 0;

-- A repeated delivery of a refused record is kept once.
ALTER TABLE "usage_quarantine" ADD COLUMN "fingerprint" TEXT;
UPDATE "usage_quarantine" SET "fingerprint" = "id"::text;
ALTER TABLE "usage_quarantine" ALTER COLUMN "fingerprint" SET NOT NULL;
CREATE UNIQUE INDEX "usage_quarantine_zone_id_fingerprint_key" ON "usage_quarantine"("zone_id", "fingerprint");

-- ---------------------------------------------------------------- documents
ALTER TABLE "invoice_line" ADD COLUMN     "corrects_invoice_id" TEXT,
ADD COLUMN     "gpus" INTEGER,
ADD COLUMN     "minimum_seconds" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "undelivered" JSONB NOT NULL DEFAULT '[]';

ALTER TABLE "legal_entity" ADD COLUMN     "next_note_number" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "tax_mode" TEXT NOT NULL DEFAULT 'exclusive',
ADD COLUMN     "tax_rate_ppm" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "credit_note" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "legal_entity_id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "net_minor" BIGINT NOT NULL,
    "tax_minor" BIGINT NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "settled_minor" BIGINT NOT NULL,
    "lines" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_note_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "credit_note_number_key" ON "credit_note"("number");
CREATE UNIQUE INDEX "credit_note_org_id_id_key" ON "credit_note"("org_id", "id");
CREATE UNIQUE INDEX "credit_note_invoice_id_run_id_key" ON "credit_note"("invoice_id", "run_id");

ALTER TABLE credit_note ADD FOREIGN KEY (org_id, invoice_id) REFERENCES invoice (org_id, id);
ALTER TABLE credit_note ADD FOREIGN KEY (org_id, run_id) REFERENCES rating_run (org_id, id);
ALTER TABLE credit_note ADD FOREIGN KEY (legal_entity_id) REFERENCES legal_entity (id);
ALTER TABLE invoice_line ADD FOREIGN KEY (org_id, corrects_invoice_id) REFERENCES invoice (org_id, id);
SELECT suan_secure_tenant_table('credit_note', 'append');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON credit_note FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();

-- ---------------------------------------------------------------- closed vocabularies and shapes
ALTER TABLE billing_period ADD CHECK (status IN ('open', 'final'));
ALTER TABLE invoice ADD CHECK (status IN ('final', 'void')),
  ADD CHECK (paid_minor >= 0 AND due_minor >= 0 AND paid_minor + due_minor <= total_minor);
ALTER TABLE invoice_line ADD CHECK (kind IN ('usage', 'adjustment')),
  ADD CHECK ((kind = 'adjustment') = (corrects_invoice_id IS NOT NULL)),
  ADD CHECK (billed_seconds >= 0 AND measured_seconds >= 0 AND undelivered_seconds >= 0 AND minimum_seconds >= 0);
ALTER TABLE credit_note ADD CHECK (net_minor > 0 AND tax_minor >= 0 AND total_minor = net_minor + tax_minor),
  ADD CHECK (settled_minor BETWEEN 0 AND total_minor);
ALTER TABLE legal_entity ADD CHECK (tax_mode IN ('exclusive', 'inclusive')), ADD CHECK (tax_rate_ppm BETWEEN 0 AND 1000000),
  ADD CHECK (next_number > 0 AND next_note_number > 0);

CREATE INDEX billing_period_open ON billing_period (to_s) WHERE status = 'open';

-- AlterTable
ALTER TABLE "invoice" ADD COLUMN     "prev_digest" TEXT;

-- CreateTable
CREATE TABLE "rating_input" (
    "run_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "prices" TEXT[],
    "terms" TEXT NOT NULL,

    CONSTRAINT "rating_input_pkey" PRIMARY KEY ("run_id")
);

-- ---------------------------------------------------------------- by hand
SELECT suan_secure_tenant_table('rating_input', 'append');
ALTER TABLE rating_input ADD FOREIGN KEY (org_id, run_id) REFERENCES rating_run (org_id, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rating_input FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();

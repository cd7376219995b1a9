-- AlterTable
ALTER TABLE "usage_quarantine" ADD COLUMN     "decided_at" TIMESTAMPTZ(3),
ADD COLUMN     "decided_by" TEXT,
ADD COLUMN     "group_id" TEXT,
ADD COLUMN     "note" TEXT,
ADD COLUMN     "proposed_by" TEXT,
ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'held';

UPDATE "usage_quarantine" SET "group_id" = 'quar_' || substr(md5(concat_ws(' ', zone_id, reason, raw->>'agent_id', raw->>'allocation_id')), 1, 26);
ALTER TABLE "usage_quarantine" ALTER COLUMN "group_id" SET NOT NULL;

-- CreateTable
CREATE TABLE "contract" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'draft',
    "currency" TEXT NOT NULL,
    "from_month" TEXT NOT NULL,
    "until_month" TEXT,
    "from_s" BIGINT NOT NULL,
    "to_s" BIGINT,
    "commitment_minor" BIGINT,
    "prices" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first_approved_by" TEXT,
    "first_approved_at" TIMESTAMPTZ(3),
    "published_by" TEXT,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "contract_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "contract_created_at_idx" ON "contract"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "contract_org_id_id_key" ON "contract"("org_id", "id");

-- CreateIndex
CREATE INDEX "usage_quarantine_group_id_id_idx" ON "usage_quarantine"("group_id", "id");

-- CreateIndex
CREATE INDEX "usage_quarantine_status_group_id_idx" ON "usage_quarantine"("status", "group_id");

-- ---------------------------------------------------------------- by hand
ALTER TABLE contract ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD CHECK (status IN ('draft', 'awaiting_second', 'published', 'discarded')), ADD CHECK (to_s > from_s),
  ADD CHECK ((until_month IS NULL) = (to_s IS NULL)), ADD CHECK (commitment_minor > 0), ADD CHECK (jsonb_typeof(prices) = 'array'),
  ADD CHECK ((status = 'published') = (published_by IS NOT NULL)),
  ADD CHECK ((first_approved_by IS NULL) = (first_approved_at IS NULL)),
  ADD CHECK (status NOT IN ('awaiting_second', 'published') OR first_approved_by IS NOT NULL),
  -- two different people
  ADD CHECK (published_by IS DISTINCT FROM first_approved_by OR published_by IS NULL),
  ADD CONSTRAINT contracts_apart EXCLUDE USING gist (org_id WITH =, int8range(from_s, to_s) WITH &&) WHERE (status = 'published');
SELECT suan_secure_tenant_table('contract');
REVOKE DELETE ON contract FROM app_api, app_worker;

-- What is agreed to stays as it is; terms without an end get one when others follow them.
CREATE FUNCTION suan_contract_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status = 'discarded' OR (OLD.status = 'published' AND NOT (OLD.to_s IS NULL AND NEW.to_s IS NOT NULL
      AND (to_jsonb(NEW) - 'to_s' - 'until_month' - 'updated_at') = (to_jsonb(OLD) - 'to_s' - 'until_month' - 'updated_at'))) THEN
    RAISE EXCEPTION 'contract % is % and does not change', OLD.id, OLD.status USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON contract FOR EACH ROW EXECUTE FUNCTION suan_contract_frozen();

ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_kind_check,
  ADD CONSTRAINT invoice_line_kind_check CHECK (kind IN ('usage', 'tiered', 'commitment', 'adjustment'));

-- Refused evidence that operators decide about. What is taken in after all becomes a block like any other.
ALTER TABLE usage_quarantine ADD CHECK (status IN ('held', 'readmitted', 'rejected')),
  ADD CHECK ((status = 'held') = (decided_by IS NULL)), ADD CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  -- two different people
  ADD CHECK (status <> 'readmitted' OR proposed_by IS NULL OR proposed_by <> decided_by);
GRANT UPDATE (status, proposed_by, decided_by, decided_at, note) ON usage_quarantine TO app_ops;
CREATE POLICY operator_readmits ON usage_block FOR INSERT TO app_ops WITH CHECK (true);
GRANT INSERT ON usage_block TO app_ops;
GRANT USAGE, SELECT ON SEQUENCE usage_batch_seq TO app_ops;

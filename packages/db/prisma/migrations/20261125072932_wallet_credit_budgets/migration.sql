-- AlterTable
ALTER TABLE "invoice" ADD COLUMN     "promo_minor" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "credit_note" ADD COLUMN     "promo_minor" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "credit_grant" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "effective_s" BIGINT NOT NULL,
    "expires_s" BIGINT,
    "granted_s" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "granted_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_burn" (
    "grant_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "credit_burn_pkey" PRIMARY KEY ("grant_id","invoice_id")
);

-- CreateTable
CREATE TABLE "accrual" (
    "org_id" TEXT NOT NULL,
    "as_of_s" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "balance_micro" DECIMAL(38,0) NOT NULL,
    "unbilled_micro" DECIMAL(38,0) NOT NULL,
    "available_micro" DECIMAL(38,0) NOT NULL,
    "burn_per_hour_micro" DECIMAL(38,0) NOT NULL,
    "runway_s" BIGINT,
    "stage" TEXT NOT NULL DEFAULT 'ok',
    "stage_since_s" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accrual_pkey" PRIMARY KEY ("org_id")
);

-- CreateTable
CREATE TABLE "budget" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "project_id" TEXT,
    "name" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "thresholds" INTEGER[],
    "hard" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "budget_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "billing_event" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "detail" JSONB NOT NULL,

    CONSTRAINT "billing_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "credit_grant_org_id_id_key" ON "credit_grant"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "budget_org_id_id_key" ON "budget"("org_id", "id");

-- CreateIndex
CREATE INDEX "billing_event_org_id_at_idx" ON "billing_event"("org_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "billing_event_org_id_key_key" ON "billing_event"("org_id", "key");

-- ---------------------------------------------------------------- by hand
SELECT suan_secure_tenant_table(t) FROM unnest(ARRAY['accrual', 'budget']) t;
SELECT suan_secure_tenant_table(t, 'append') FROM unnest(ARRAY['credit_grant', 'credit_burn', 'billing_event']) t;
ALTER TABLE credit_grant ADD FOREIGN KEY (org_id) REFERENCES organization (id), ADD CHECK (amount_minor > 0),
  ADD CHECK (expires_s IS NULL OR expires_s > effective_s);
ALTER TABLE credit_burn ADD FOREIGN KEY (org_id, grant_id) REFERENCES credit_grant (org_id, id),
  ADD FOREIGN KEY (org_id, invoice_id) REFERENCES invoice (org_id, id), ADD CHECK (amount_minor > 0);
ALTER TABLE accrual ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD CHECK (stage IN ('ok', 'low_3d', 'low_1d', 'grace', 'frozen', 'released'));
ALTER TABLE budget ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id), ADD CHECK (amount_minor > 0);
ALTER TABLE billing_event ADD FOREIGN KEY (org_id) REFERENCES organization (id);
ALTER TABLE invoice ADD CHECK (promo_minor BETWEEN 0 AND subtotal_minor);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON credit_grant FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON credit_burn FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_event FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();
CREATE UNIQUE INDEX budget_name ON budget (org_id, name) WHERE deleted_at IS NULL;

-- No grant gives more than it has, however many invoices close at once.
CREATE FUNCTION suan_grant_not_overdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE burnt bigint; granted bigint;
BEGIN
  SELECT coalesce(sum(b.amount_minor), 0) INTO burnt FROM credit_burn b JOIN invoice i ON i.id = b.invoice_id AND i.status = 'final'
    WHERE b.grant_id = NEW.grant_id;
  SELECT amount_minor INTO granted FROM credit_grant WHERE id = NEW.grant_id;
  IF burnt > granted THEN
    RAISE EXCEPTION 'grant % of % is overdrawn to %', NEW.grant_id, granted, burnt USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER not_overdrawn AFTER INSERT ON credit_burn DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION suan_grant_not_overdrawn();

ALTER TABLE credit_note DROP CONSTRAINT credit_note_check,
  ADD CHECK (net_minor >= 0 AND tax_minor >= 0 AND promo_minor >= 0 AND total_minor = net_minor + tax_minor
    AND net_minor + promo_minor > 0);

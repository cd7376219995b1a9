-- DropIndex
DROP INDEX "invoice_org_id_from_s_to_s_status_key";

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "failure" TEXT,
ADD COLUMN     "invoice_id" TEXT,
ADD COLUMN     "method" TEXT,
ADD COLUMN     "next_action" JSONB,
ADD COLUMN     "provider_ref" TEXT,
ADD COLUMN     "purpose" TEXT NOT NULL DEFAULT 'top_up',
ADD COLUMN     "refunded_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "request_digest" TEXT;

-- CreateTable
CREATE TABLE "invoice_void" (
    "invoice_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "voided_by" TEXT NOT NULL,
    "voided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invoice_void_pkey" PRIMARY KEY ("invoice_id")
);

-- CreateTable
CREATE TABLE "provider_event" (
    "provider" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_event_pkey" PRIMARY KEY ("provider","id")
);

-- CreateTable
CREATE TABLE "billing_settings" (
    "org_id" TEXT NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'prepaid',
    "credit_limit_minor" BIGINT NOT NULL DEFAULT 0,
    "auto_enabled" BOOLEAN NOT NULL DEFAULT false,
    "auto_threshold_minor" BIGINT NOT NULL DEFAULT 0,
    "auto_amount_minor" BIGINT NOT NULL DEFAULT 0,
    "auto_cool_off_s" INTEGER NOT NULL DEFAULT 0,
    "auto_daily_max_minor" BIGINT,
    "stripe_customer" TEXT,

    CONSTRAINT "billing_settings_pkey" PRIMARY KEY ("org_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "payment_provider_ref_key" ON "payment"("provider_ref");

-- ---------------------------------------------------------------- by hand
-- A voided invoice keeps its number and its period may be invoiced again.
CREATE UNIQUE INDEX invoice_one_final ON invoice (org_id, from_s, to_s) WHERE status = 'final';
SELECT suan_secure_tenant_table('invoice_void', 'append');
ALTER TABLE invoice_void ADD FOREIGN KEY (org_id, invoice_id) REFERENCES invoice (org_id, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON invoice_void FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();
-- Void is the end: nothing is due on it, nothing is paid on it, and it does not come back.
CREATE FUNCTION suan_void_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'void' OR (NEW.status = 'void' AND NEW.paid_minor + NEW.due_minor <> 0) THEN
    RAISE EXCEPTION 'invoice % is void', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER void_is_final BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION suan_void_is_final();

ALTER TABLE payment DROP CONSTRAINT payment_status_check,
  ADD CHECK (status IN ('pending', 'requires_action', 'processing', 'succeeded', 'failed', 'canceled')),
  ADD CHECK (provider IN ('manual', 'sandbox', 'stripe')), ADD CHECK (purpose IN ('top_up', 'auto_top_up', 'invoice')),
  ADD CHECK ((purpose = 'invoice') = (invoice_id IS NOT NULL)), ADD CHECK ((status = 'succeeded') = (settled_at IS NOT NULL)),
  ADD CHECK (refunded_minor BETWEEN 0 AND amount_minor);
ALTER TABLE payment ADD FOREIGN KEY (org_id, invoice_id) REFERENCES invoice (org_id, id);
-- One attempt under way: per organisation for automatic top-ups, per invoice for its payment.
CREATE UNIQUE INDEX payment_one_auto ON payment (org_id)
  WHERE purpose = 'auto_top_up' AND status IN ('pending', 'requires_action', 'processing');
CREATE UNIQUE INDEX payment_one_per_invoice ON payment (invoice_id)
  WHERE invoice_id IS NOT NULL AND status IN ('pending', 'requires_action', 'processing');
-- Money that came in does not go back to being expected, and what was asked does not change.
CREATE FUNCTION suan_payment_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'succeeded' AND NEW.status <> 'succeeded' THEN
    RAISE EXCEPTION 'payment % has succeeded', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.org_id, OLD.amount_minor, OLD.currency, OLD.purpose, OLD.invoice_id)
      IS DISTINCT FROM (NEW.org_id, NEW.amount_minor, NEW.currency, NEW.purpose, NEW.invoice_id) THEN
    RAISE EXCEPTION 'payment % has its terms already', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER moves_on BEFORE UPDATE ON payment FOR EACH ROW EXECUTE FUNCTION suan_payment_moves_on();

ALTER TABLE provider_event OWNER TO db_owner;
GRANT SELECT, INSERT ON provider_event TO app_api;
GRANT SELECT, INSERT, UPDATE ON provider_event TO app_worker;
GRANT SELECT ON provider_event TO app_ops;
CREATE INDEX provider_event_open ON provider_event (received_at) WHERE done_at IS NULL;

SELECT suan_secure_tenant_table('billing_settings');
ALTER TABLE billing_settings ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD CHECK (mode IN ('prepaid', 'postpaid')), ADD CHECK (credit_limit_minor >= 0), ADD CHECK (auto_threshold_minor >= 0),
  ADD CHECK (NOT auto_enabled OR auto_amount_minor > 0), ADD CHECK (auto_cool_off_s >= 0),
  ADD CHECK (auto_daily_max_minor IS NULL OR auto_daily_max_minor >= 0);
CREATE UNIQUE INDEX billing_settings_customer ON billing_settings (stripe_customer) WHERE stripe_customer IS NOT NULL;

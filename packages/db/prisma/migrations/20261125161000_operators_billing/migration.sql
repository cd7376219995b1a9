-- AlterTable
ALTER TABLE "credit_note" ADD COLUMN     "reason" TEXT,
ALTER COLUMN "run_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "price_book" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'draft',
    "version" INTEGER,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first_approved_by" TEXT,
    "first_approved_at" TIMESTAMPTZ(3),
    "published_by" TEXT,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "price_book_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_book_entry" (
    "book_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "from_s" BIGINT,
    "micro_per_gpu_hour" BIGINT NOT NULL,
    "min_seconds" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "price_book_entry_pkey" PRIMARY KEY ("book_id","position")
);

-- CreateTable
CREATE TABLE "coupon" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "most" INTEGER NOT NULL,
    "redeemed" INTEGER NOT NULL DEFAULT 0,
    "redeem_until" TIMESTAMPTZ(3) NOT NULL,
    "credit_days" INTEGER,
    "status" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_by" TEXT,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "coupon_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coupon_redemption" (
    "coupon_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "grant_id" TEXT NOT NULL,
    "redeemed_by" TEXT NOT NULL,
    "redeemed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "coupon_redemption_pkey" PRIMARY KEY ("coupon_id","org_id")
);

-- CreateTable
CREATE TABLE "credit_proposal" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "priority" INTEGER NOT NULL,
    "credit_days" INTEGER,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "proposed_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "answer" TEXT,
    "grant_id" TEXT,

    CONSTRAINT "credit_proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "billing_attempt" (
    "org_id" TEXT NOT NULL,
    "from_s" BIGINT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "failure" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_attempt_pkey" PRIMARY KEY ("org_id","from_s","attempt")
);

-- CreateIndex
CREATE UNIQUE INDEX "price_book_version_key" ON "price_book"("version");

-- CreateIndex
CREATE INDEX "price_book_created_at_idx" ON "price_book"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "coupon_code_key" ON "coupon"("code");

-- CreateIndex
CREATE INDEX "coupon_created_at_idx" ON "coupon"("created_at");

-- CreateIndex
CREATE INDEX "coupon_redemption_org_id_idx" ON "coupon_redemption"("org_id");

-- CreateIndex
CREATE INDEX "credit_proposal_status_created_at_idx" ON "credit_proposal"("status", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "credit_proposal_org_id_id_key" ON "credit_proposal"("org_id", "id");

-- ---------------------------------------------------------------- by hand
ALTER TABLE price_book OWNER TO db_owner;
ALTER TABLE price_book_entry OWNER TO db_owner;
ALTER TABLE coupon OWNER TO db_owner;

ALTER TABLE price_book ADD CHECK (status IN ('draft', 'awaiting_second', 'published', 'discarded')),
  ADD CHECK ((status = 'published') = (version IS NOT NULL)), ADD CHECK ((status = 'published') = (published_by IS NOT NULL)),
  ADD CHECK ((first_approved_by IS NULL) = (first_approved_at IS NULL)),
  ADD CHECK (status NOT IN ('awaiting_second', 'published') OR first_approved_by IS NOT NULL),
  -- two different people
  ADD CHECK (published_by IS DISTINCT FROM first_approved_by OR published_by IS NULL);
ALTER TABLE price_book_entry ADD FOREIGN KEY (book_id) REFERENCES price_book (id), ADD FOREIGN KEY (sku) REFERENCES sku (id),
  ADD CHECK (micro_per_gpu_hour > 0), ADD CHECK (min_seconds >= 0);
CREATE UNIQUE INDEX price_book_entry_once ON price_book_entry (book_id, sku, currency, coalesce(from_s, 0));

-- What is published or discarded stays as it is, and so do its prices from the first agreement on.
CREATE FUNCTION suan_price_book_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status IN ('published', 'discarded') THEN
    RAISE EXCEPTION 'price book % is % and does not change', OLD.id, OLD.status USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON price_book FOR EACH ROW EXECUTE FUNCTION suan_price_book_frozen();
CREATE FUNCTION suan_price_book_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  book text := CASE TG_OP WHEN 'DELETE' THEN OLD.book_id ELSE NEW.book_id END;
BEGIN
  IF TG_OP = 'UPDATE' OR (SELECT status FROM price_book WHERE id = book) <> 'draft' THEN
    RAISE EXCEPTION 'the prices of % do not change any more', book USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON price_book_entry
  FOR EACH ROW EXECUTE FUNCTION suan_price_book_entry_frozen();

GRANT SELECT, INSERT, UPDATE ON price_book TO app_ops;
GRANT SELECT, INSERT, DELETE ON price_book_entry TO app_ops;
GRANT INSERT ON price_row TO app_ops;

ALTER TABLE coupon ADD CHECK (status IN ('active', 'awaiting_second', 'ended')), ADD CHECK (amount_minor > 0),
  ADD CHECK (most > 0), ADD CHECK (redeemed BETWEEN 0 AND most), ADD CHECK (credit_days > 0),
  ADD CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{3,31}$'), ADD CHECK (approved_by IS DISTINCT FROM created_by OR approved_by IS NULL),
  ADD CHECK ((status = 'ended') = (ended_by IS NOT NULL)), ADD CHECK ((ended_by IS NULL) = (ended_at IS NULL));
GRANT SELECT, INSERT, UPDATE ON coupon TO app_ops;

-- Counts one redemption, under the row's lock, and says why not otherwise. Tenants may look up one code and no list, hence
-- its owner's rights; that an account redeems a code once is the key of coupon_redemption, in the same transaction.
CREATE FUNCTION suan_take_coupon(wanted text, org_currency text)
RETURNS TABLE (outcome text, id text, currency text, amount_minor bigint, credit_days integer, reason text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  c public.coupon%ROWTYPE;
  said text;
BEGIN
  SELECT * INTO c FROM public.coupon p WHERE p.code = wanted AND p.status <> 'awaiting_second' FOR UPDATE;
  IF c.id IS NULL THEN RETURN; END IF;
  said := CASE WHEN c.status = 'ended' THEN 'ended' WHEN c.redeem_until <= now() THEN 'expired'
    WHEN c.currency <> org_currency THEN 'other_currency' WHEN c.redeemed >= c.most THEN 'used_up' ELSE 'taken' END;
  IF said = 'taken' THEN UPDATE public.coupon p SET redeemed = p.redeemed + 1 WHERE p.id = c.id; END IF;
  RETURN QUERY SELECT said, c.id, c.currency, c.amount_minor, c.credit_days, c.reason;
END $$;
ALTER FUNCTION suan_take_coupon OWNER TO db_owner;
REVOKE ALL ON FUNCTION suan_take_coupon FROM PUBLIC;
GRANT EXECUTE ON FUNCTION suan_take_coupon TO app_api;

ALTER TABLE coupon_redemption ADD FOREIGN KEY (coupon_id) REFERENCES coupon (id),
  ADD FOREIGN KEY (org_id, grant_id) REFERENCES credit_grant (org_id, id);
SELECT suan_secure_tenant_table('coupon_redemption', 'append');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON coupon_redemption FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();

ALTER TABLE credit_proposal ADD FOREIGN KEY (org_id) REFERENCES organization (id),
  ADD FOREIGN KEY (org_id, grant_id) REFERENCES credit_grant (org_id, id),
  ADD CHECK (status IN ('pending', 'approved', 'denied')), ADD CHECK (amount_minor > 0), ADD CHECK (credit_days > 0),
  ADD CHECK ((status = 'pending') = (decided_by IS NULL)), ADD CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  ADD CHECK ((status = 'approved') = (grant_id IS NOT NULL)),
  -- two different people
  ADD CHECK (status <> 'approved' OR decided_by <> proposed_by);
SELECT suan_secure_tenant_table('credit_proposal');

ALTER TABLE billing_attempt ADD FOREIGN KEY (org_id, from_s) REFERENCES billing_period (org_id, from_s),
  ADD CHECK (outcome IN ('finalised', 'failed')), ADD CHECK ((outcome = 'failed') = (failure IS NOT NULL)),
  ADD CHECK (attempt > 0), ADD CHECK (ended_at >= started_at);
SELECT suan_secure_tenant_table('billing_attempt', 'append');
REVOKE INSERT ON billing_attempt FROM app_api;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_attempt FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();

-- A credit note that no closing found has a reason of an operator's; operators issue it inside the customer's organisation.
ALTER TABLE credit_note ADD CHECK ((run_id IS NULL) = (reason IS NOT NULL));
GRANT UPDATE (next_note_number) ON legal_entity TO app_api;

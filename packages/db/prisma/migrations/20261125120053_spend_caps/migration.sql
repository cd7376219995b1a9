-- AlterTable
ALTER TABLE "budget" ADD COLUMN     "api_key_id" TEXT,
ADD COLUMN     "capped_from_s" BIGINT;

-- ---------------------------------------------------------------- by hand
UPDATE budget b SET capped_from_s = suan_billing_now_s(o.clock_offset_s) FROM organization o WHERE o.id = b.org_id AND b.hard;
ALTER TABLE budget ADD FOREIGN KEY (org_id, api_key_id) REFERENCES api_key (org_id, id),
  ADD CHECK (NOT hard OR capped_from_s IS NOT NULL);

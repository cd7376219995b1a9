-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "dispute_status" TEXT,
ADD COLUMN     "disputed_minor" BIGINT NOT NULL DEFAULT 0;

-- ---------------------------------------------------------------- by hand
ALTER TABLE payment ADD CHECK (dispute_status IN ('open', 'won', 'lost')), ADD CHECK (disputed_minor >= 0);

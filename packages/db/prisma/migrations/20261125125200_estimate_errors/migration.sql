-- AlterTable
ALTER TABLE "queue_entry" ADD COLUMN     "given_at" TIMESTAMPTZ(3),
ADD COLUMN     "given_basis" TEXT,
ADD COLUMN     "given_likely_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "queue_state" ADD COLUMN     "calibration" JSONB;

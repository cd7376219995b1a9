-- AlterTable
ALTER TABLE "credit_note" ADD COLUMN     "correction" TEXT,
ADD COLUMN     "document" TEXT;

-- AlterTable
ALTER TABLE "rating_input" ADD COLUMN     "corrections" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "rating_run" ADD COLUMN     "corrections_digest" TEXT;

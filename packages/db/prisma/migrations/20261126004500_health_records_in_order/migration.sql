-- AlterTable
ALTER TABLE "health_record" ADD COLUMN     "seq" BIGSERIAL NOT NULL;

-- What happens within one millisecond is told in the order in which it was written.
ALTER SEQUENCE health_record_seq_seq OWNER TO db_owner;
GRANT USAGE ON SEQUENCE health_record_seq_seq TO app_worker, app_ops;

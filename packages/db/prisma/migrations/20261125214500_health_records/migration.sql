-- AlterTable
ALTER TABLE "device" ADD COLUMN     "quarantined_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "health_record" (
    "id" TEXT NOT NULL,
    "zone_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "device_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "code" TEXT,
    "severity" TEXT,
    "detail" TEXT NOT NULL,
    "operation_id" TEXT,

    CONSTRAINT "health_record_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "health_record_zone_id_at_idx" ON "health_record"("zone_id", "at");

-- CreateIndex
CREATE INDEX "health_record_node_id_at_idx" ON "health_record"("node_id", "at");

ALTER TABLE health_record OWNER TO db_owner;
ALTER TABLE health_record ADD FOREIGN KEY (zone_id) REFERENCES zone (id),
  ADD CHECK (severity IN ('info', 'degraded', 'drain', 'failed')),
  ADD CHECK (kind IN ('check_passed', 'check_failed', 'quarantined', 'cordoned', 'released', 'device_fault', 'device_warning',
    'device_recovered', 'host_lost', 'host_recovered', 'clock_skew'));
GRANT SELECT, INSERT, DELETE ON health_record TO app_worker;
GRANT SELECT, INSERT ON health_record TO app_ops;
-- What stands on record is never changed; the worker removes it when it is old.
CREATE TRIGGER append_only BEFORE UPDATE ON health_record FOR EACH ROW EXECUTE FUNCTION suan_refuse_change();
-- Operators release devices; the worker empties nodes by itself where the catalogue says so.
GRANT UPDATE (health, vendor_code, quarantined_at) ON device TO app_ops;
GRANT INSERT ON node_drain TO app_worker;
ALTER TABLE device ADD CHECK (quarantined_at IS NULL OR health = 'failed');
CREATE INDEX device_quarantined ON device (zone_id) WHERE quarantined_at IS NOT NULL;

-- AlterTable
ALTER TABLE "workload" ADD COLUMN     "wanted_zone_id" TEXT;

-- CreateTable
CREATE TABLE "placement_lease" (
    "zone_id" TEXT NOT NULL,
    "holder" TEXT,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "placement_lease_pkey" PRIMARY KEY ("zone_id")
);

-- Who decides about a zone now: one loop at a time, on the database's clock, each with a number of its own.
ALTER TABLE placement_lease OWNER TO db_owner;
ALTER TABLE placement_lease ADD FOREIGN KEY (zone_id) REFERENCES zone (id) ON DELETE CASCADE,
  ADD CHECK ((holder IS NULL) = (until IS NULL)), ADD CHECK (epoch >= 0);
GRANT SELECT, INSERT, UPDATE ON placement_lease TO app_worker;
GRANT SELECT ON placement_lease TO app_ops;

CREATE FUNCTION suan_zone_has_lease() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO placement_lease (zone_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER has_lease AFTER INSERT ON zone FOR EACH ROW EXECUTE FUNCTION suan_zone_has_lease();
INSERT INTO placement_lease (zone_id) SELECT id FROM zone;

ALTER TABLE workload ADD FOREIGN KEY (wanted_zone_id) REFERENCES zone (id);

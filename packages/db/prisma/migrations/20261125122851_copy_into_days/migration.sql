-- Agents' blocks are copied straight into the day they belong to: PostgreSQL has no COPY into a table with row-level security,
-- and the policy of the agent plane lets every insert through. It may insert there and read nothing.
CREATE OR REPLACE FUNCTION suan_ensure_usage_partitions(first_day date, days int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  made int := 0;
  d date;
  part text;
BEGIN
  FOR i IN 0 .. days - 1 LOOP
    d := first_day + i;
    part := 'usage_block_' || to_char(d, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(part) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF usage_block FOR VALUES FROM (%s) TO (%s)', part,
        extract(epoch FROM d::timestamp AT TIME ZONE 'UTC')::bigint,
        extract(epoch FROM (d + 1)::timestamp AT TIME ZONE 'UTC')::bigint);
      EXECUTE format('ALTER TABLE %I OWNER TO db_owner', part);
      EXECUTE format('GRANT INSERT ON %I TO app_agent', part);
      made := made + 1;
    EXCEPTION WHEN check_violation THEN NULL;
    END;
  END LOOP;
  RETURN made;
END $$;
DO $$
DECLARE part text;
BEGIN
  FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'usage_block'::regclass AND c.relname ~ '^usage_block_\d{8}$'
  LOOP
    EXECUTE format('GRANT INSERT ON %I TO app_agent', part);
  END LOOP;
END $$;

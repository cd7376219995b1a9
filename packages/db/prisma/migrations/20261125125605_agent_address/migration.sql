-- Where the control plane reaches an agent that runs instances; null for one that only sends evidence.
ALTER TABLE "agent" ADD COLUMN "url" TEXT;

GRANT SELECT (id, region_id) ON zone TO app_agent;
GRANT INSERT ON agent_token TO app_ops;

-- Opens a zone for an agent. False when the zone is another region's, or runs by another driver. It has its owner's rights
-- because operators write no zones otherwise.
CREATE FUNCTION suan_open_agent_zone(wanted_zone text, wanted_region text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO public.zone (id, region_id, driver) VALUES (wanted_zone, wanted_region, 'agent') ON CONFLICT DO NOTHING;
  RETURN EXISTS (SELECT 1 FROM public.zone z WHERE z.id = wanted_zone AND z.region_id = wanted_region AND z.driver = 'agent');
END $$;
ALTER FUNCTION suan_open_agent_zone OWNER TO db_owner;
REVOKE ALL ON FUNCTION suan_open_agent_zone FROM PUBLIC;
GRANT EXECUTE ON FUNCTION suan_open_agent_zone TO app_ops, app_worker;

-- API keys: the version of the API they were made for, where they may be used from, what replaced them, and more about
-- their last use.
ALTER TABLE "api_key"
  ADD COLUMN "api_version" TEXT NOT NULL DEFAULT '2026-11-01',
  ADD COLUMN "allowed_cidrs" TEXT[] DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "last_used_ip_prefix" TEXT,
  ADD COLUMN "last_used_agent" TEXT,
  ADD COLUMN "replaced_by" TEXT;

ALTER TABLE api_key ADD CHECK (api_version ~ '^\d{4}-\d{2}-\d{2}$'), ADD CHECK (cardinality(allowed_cidrs) <= 32),
  ADD CHECK (replaced_by <> id),
  ADD FOREIGN KEY (org_id, replaced_by) REFERENCES api_key (org_id, id);

GRANT UPDATE (last_used_ip_prefix, last_used_agent) ON api_key TO app_auth;

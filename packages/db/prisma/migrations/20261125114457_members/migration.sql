-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "closed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "project_member" (
    "org_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_member_pkey" PRIMARY KEY ("org_id","project_id","user_id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "project_id" TEXT,
    "project_role" TEXT,
    "token_hash" TEXT NOT NULL,
    "invited_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "sends" INTEGER NOT NULL DEFAULT 1,
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "accepted_at" TIMESTAMPTZ(3),
    "accepted_by" TEXT,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_org_id_created_at_idx" ON "invitation"("org_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_org_id_id_key" ON "invitation"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_org_id_id_key" ON "membership"("org_id", "id");

-- ---------------------------------------------------------------- by hand
ALTER TABLE project_member ADD CHECK (role IN ('admin', 'operator', 'viewer')),
  ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id),
  ADD FOREIGN KEY (org_id, user_id) REFERENCES membership (org_id, user_id) ON DELETE CASCADE;
ALTER TABLE invitation ADD CHECK (role IN ('owner', 'admin', 'billing', 'auditor', 'member')),
  ADD CHECK (project_role IN ('admin', 'operator', 'viewer')), ADD CHECK ((project_id IS NULL) = (project_role IS NULL)),
  ADD CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)), ADD CHECK (accepted_at IS NULL OR revoked_at IS NULL),
  ADD CHECK (email = lower(email)), ADD CHECK (sends > 0),
  ADD FOREIGN KEY (org_id, project_id) REFERENCES project (org_id, id);
CREATE UNIQUE INDEX invitation_open ON invitation (org_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;

SELECT suan_secure_tenant_table(t) FROM unnest(ARRAY['project_member', 'invitation']) t;

-- The identity role finds out what a person may do, and which organisation an invitation's token belongs to.
CREATE POLICY identity ON project_member FOR SELECT TO app_auth USING (true);
CREATE POLICY identity ON invitation FOR SELECT TO app_auth USING (true);
GRANT SELECT ON project_member, invitation TO app_auth;

-- Members of before keep what they could do: each operates every project there is.
INSERT INTO project_member (org_id, project_id, user_id, role)
  SELECT m.org_id, p.id, m.user_id, 'operator' FROM membership m JOIN project p ON p.org_id = m.org_id WHERE m.role = 'member';

-- An organisation always has an owner, whoever leaves at the same time: the last to commit waits for the others, and
-- counts what they left.
CREATE FUNCTION suan_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('owners:' || OLD.org_id, 0));
  IF NOT EXISTS (SELECT 1 FROM membership WHERE org_id = OLD.org_id AND role = 'owner') THEN
    RAISE EXCEPTION 'organization % would have no owner', OLD.org_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'an_owner_always';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER an_owner_always AFTER UPDATE OR DELETE ON membership
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION suan_keep_an_owner();

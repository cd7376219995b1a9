-- CreateTable
CREATE TABLE "outgoing_mail" (
    "id" TEXT NOT NULL,
    "to_address" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "data" JSONB,
    "key" TEXT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "outgoing_mail_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "outgoing_mail_key_key" ON "outgoing_mail"("key");

-- CreateIndex
CREATE INDEX "outgoing_mail_created_at_idx" ON "outgoing_mail"("created_at");

ALTER TABLE outgoing_mail OWNER TO db_owner;
ALTER TABLE outgoing_mail ADD CHECK (status IN ('pending', 'sent', 'kept', 'failed')), ADD CHECK (locale IN ('en', 'zh-CN')),
  ADD CHECK ((status = 'pending') = (done_at IS NULL)), ADD CHECK (status NOT IN ('pending', 'kept') OR data IS NOT NULL);
-- Everybody writes mails and nobody but the worker and operators reads them: they hold links that open something.
GRANT INSERT ON outgoing_mail TO app_api, app_auth, app_ops, app_worker;
GRANT SELECT ON outgoing_mail TO app_ops;
GRANT SELECT, UPDATE, DELETE ON outgoing_mail TO app_worker;
CREATE INDEX outgoing_mail_pending ON outgoing_mail (next_attempt_at) WHERE status = 'pending';

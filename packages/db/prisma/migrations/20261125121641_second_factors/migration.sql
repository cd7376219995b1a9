-- AlterTable
ALTER TABLE "auth_session" ADD COLUMN     "aal" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "reauthenticated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "require_mfa" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "auth_totp" (
    "user_id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "last_step" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "auth_totp_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "auth_recovery_code" (
    "user_id" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,

    CONSTRAINT "auth_recovery_code_pkey" PRIMARY KEY ("user_id","code_hash")
);

-- CreateTable
CREATE TABLE "auth_passkey" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "credential_id" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL DEFAULT 0,
    "transports" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "auth_passkey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_challenge" (
    "token_hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "user_id" TEXT,
    "data" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "auth_challenge_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "auth_guard" (
    "user_id" TEXT NOT NULL,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "auth_guard_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "auth_device_grant" (
    "device_hash" TEXT NOT NULL,
    "user_code" TEXT NOT NULL,
    "client_name" TEXT NOT NULL,
    "ip_prefix" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "decided_by" TEXT,
    "api_key_id" TEXT,
    "sealed_secret" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_polled_at" TIMESTAMPTZ(3),

    CONSTRAINT "auth_device_grant_pkey" PRIMARY KEY ("device_hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "auth_passkey_credential_id_key" ON "auth_passkey"("credential_id");

-- CreateIndex
CREATE INDEX "auth_passkey_user_id_idx" ON "auth_passkey"("user_id");

-- CreateIndex
CREATE INDEX "auth_challenge_user_id_idx" ON "auth_challenge"("user_id");

-- CreateIndex
CREATE INDEX "auth_challenge_expires_at_idx" ON "auth_challenge"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "auth_device_grant_user_code_key" ON "auth_device_grant"("user_code");

-- CreateIndex
CREATE INDEX "auth_device_grant_expires_at_idx" ON "auth_device_grant"("expires_at");

-- AddForeignKey
ALTER TABLE "auth_totp" ADD CONSTRAINT "auth_totp_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_recovery_code" ADD CONSTRAINT "auth_recovery_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_passkey" ADD CONSTRAINT "auth_passkey_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_challenge" ADD CONSTRAINT "auth_challenge_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_guard" ADD CONSTRAINT "auth_guard_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['auth_totp', 'auth_recovery_code', 'auth_passkey', 'auth_challenge', 'auth_guard',
    'auth_device_grant'] LOOP
    EXECUTE format('ALTER TABLE %I OWNER TO db_owner', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO app_auth', t);
  END LOOP;
END $$;
ALTER TABLE auth_session ADD CHECK (aal IN (1, 2));
ALTER TABLE auth_challenge ADD CHECK (kind IN ('sign_in', 'passkey_sign_in', 'passkey_add', 'reauthenticate', 'verify_email',
  'reset_password'));
ALTER TABLE auth_device_grant ADD CHECK (status IN ('pending', 'approving', 'approved', 'denied', 'claimed')),
  ADD CHECK ((status = 'approved') = (sealed_secret IS NOT NULL));

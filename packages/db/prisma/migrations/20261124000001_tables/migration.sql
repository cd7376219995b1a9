-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "auth_user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "locale" TEXT NOT NULL DEFAULT 'en',

    CONSTRAINT "auth_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_session" (
    "id" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "token" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,

    CONSTRAINT "auth_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ(3),
    "refreshTokenExpiresAt" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator_user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operator_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator_session" (
    "token_hash" TEXT NOT NULL,
    "operator_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "operator_session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "clock_offset_s" BIGINT NOT NULL DEFAULT 0,
    "clock_applied_s" BIGINT NOT NULL DEFAULT 0,
    "legal_name" TEXT NOT NULL,
    "address" TEXT NOT NULL DEFAULT '',
    "tax_id" TEXT NOT NULL DEFAULT '',
    "locale" TEXT NOT NULL DEFAULT 'en',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "project_id" TEXT,
    "name" TEXT NOT NULL,
    "lookup" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "mac" TEXT NOT NULL,
    "pepper_v" INTEGER NOT NULL,
    "env" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ssh_key" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ssh_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quota" (
    "org_id" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "limit" INTEGER NOT NULL,

    CONSTRAINT "quota_pkey" PRIMARY KEY ("org_id","metric")
);

-- CreateTable
CREATE TABLE "region" (
    "id" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "region_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "zone" (
    "id" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,
    "driver" TEXT NOT NULL,
    "discovered_at" TIMESTAMPTZ(3),

    CONSTRAINT "zone_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node" (
    "id" TEXT NOT NULL,
    "zone_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "spine" TEXT NOT NULL,
    "leaf" TEXT NOT NULL,
    "rack" TEXT NOT NULL,
    "vcpus" INTEGER NOT NULL,
    "memory_bytes" BIGINT NOT NULL,
    "driver_version" TEXT NOT NULL,
    "runtime_version" TEXT NOT NULL,
    "health" TEXT NOT NULL DEFAULT 'ok',
    "schedulable" BOOLEAN NOT NULL DEFAULT true,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "device" (
    "id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "zone_id" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "model_id" TEXT NOT NULL,
    "uuid" TEXT NOT NULL,
    "pci" TEXT NOT NULL,
    "memory_bytes" BIGINT NOT NULL,
    "island" INTEGER NOT NULL,
    "health" TEXT NOT NULL DEFAULT 'ok',
    "vendor_code" TEXT,
    "held_by" TEXT,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sku" (
    "id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,

    CONSTRAINT "sku_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_row" (
    "id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "from_s" BIGINT NOT NULL,
    "published_s" BIGINT NOT NULL,
    "micro_per_gpu_hour" BIGINT NOT NULL,
    "min_seconds" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_row_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workload" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "region_id" TEXT NOT NULL,
    "zone_id" TEXT,
    "model_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "node_count" INTEGER NOT NULL,
    "gpus_per_node" INTEGER NOT NULL,
    "image" TEXT NOT NULL,
    "ssh_key_ids" TEXT[],
    "startup_script" TEXT,
    "environment" JSONB NOT NULL DEFAULT '{}',
    "labels" JSONB NOT NULL DEFAULT '{}',
    "topology" TEXT NOT NULL DEFAULT 'any',
    "on_capacity" TEXT NOT NULL DEFAULT 'fail',
    "deletion_protection" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL,
    "desired" TEXT NOT NULL,
    "status_reason" JSONB,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "price_micro_per_gpu_hour" BIGINT NOT NULL,
    "price_currency" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "running_since" TIMESTAMPTZ(3),
    "terminated_at" TIMESTAMPTZ(3),

    CONSTRAINT "workload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "operation_id" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "zone_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "gpus" INTEGER NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'allocated',
    "floor_ppm" INTEGER NOT NULL DEFAULT 0,
    "gap_policy" TEXT NOT NULL DEFAULT 'zero',
    "state" TEXT NOT NULL DEFAULT 'prepared',
    "clock_offset_s" BIGINT NOT NULL DEFAULT 0,
    "start_s" BIGINT,
    "end_s" BIGINT,
    "end_reason" TEXT,
    "ssh_host" TEXT,
    "ssh_port" INTEGER,
    "ssh_user" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allocation_device" (
    "allocation_id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "span" tstzrange NOT NULL,

    CONSTRAINT "allocation_device_pkey" PRIMARY KEY ("allocation_id","device_id")
);

-- CreateTable
CREATE TABLE "undelivered" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "allocation_id" TEXT NOT NULL,
    "from_s" BIGINT NOT NULL,
    "to_s" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "undelivered_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "zone_id" TEXT,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "error" JSONB,
    "requested_by" TEXT NOT NULL,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation_step" (
    "operation_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "detail" JSONB,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_step_pkey" PRIMARY KEY ("operation_id","name")
);

-- CreateTable
CREATE TABLE "state_change" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "from_state" TEXT,
    "to_state" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" JSONB,
    "operation_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "state_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "org_id" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "response" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("org_id","principal","key")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "auth_method" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource" TEXT,
    "result" TEXT NOT NULL,
    "detail" JSONB,
    "request_id" TEXT,
    "ip" TEXT,
    "seq" BIGINT NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "telemetry_cursor" (
    "zone_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "telemetry_cursor_pkey" PRIMARY KEY ("zone_id")
);

-- CreateTable
CREATE TABLE "usage_quarantine" (
    "id" BIGSERIAL NOT NULL,
    "zone_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "raw" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_quarantine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "billing_period" (
    "org_id" TEXT NOT NULL,
    "from_s" BIGINT NOT NULL,
    "to_s" BIGINT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "tzdb" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',

    CONSTRAINT "billing_period_pkey" PRIMARY KEY ("org_id","from_s")
);

-- CreateTable
CREATE TABLE "rating_run" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "from_s" BIGINT NOT NULL,
    "to_s" BIGINT NOT NULL,
    "cutoff_s" BIGINT NOT NULL,
    "cutoff_seq" BIGINT NOT NULL,
    "engine_version" TEXT NOT NULL,
    "price_digest" TEXT NOT NULL,
    "terms_digest" TEXT NOT NULL,
    "input_digest" TEXT NOT NULL,
    "output_digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rating_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "legal_entity" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "tax_id" TEXT NOT NULL,
    "series" TEXT NOT NULL,
    "next_number" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "legal_entity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "legal_entity_id" TEXT NOT NULL,
    "number" TEXT,
    "status" TEXT NOT NULL,
    "from_s" BIGINT NOT NULL,
    "to_s" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "subtotal_minor" BIGINT NOT NULL,
    "tax_rate_ppm" INTEGER NOT NULL,
    "tax_minor" BIGINT NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "paid_minor" BIGINT NOT NULL,
    "due_minor" BIGINT NOT NULL,
    "run_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "seller" JSONB NOT NULL,
    "buyer" JSONB NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_line" (
    "invoice_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "allocation_id" TEXT,
    "workload_id" TEXT,
    "project_id" TEXT,
    "description" JSONB NOT NULL,
    "sku" TEXT,
    "qty" TEXT NOT NULL,
    "exact_minor" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "from_s" BIGINT NOT NULL,
    "to_s" BIGINT NOT NULL,
    "billed_seconds" BIGINT NOT NULL,
    "measured_seconds" BIGINT NOT NULL,
    "undelivered_seconds" BIGINT NOT NULL,
    "segments" JSONB NOT NULL,
    "blocks_digest" TEXT NOT NULL,
    "block_count" INTEGER NOT NULL,

    CONSTRAINT "invoice_line_pkey" PRIMARY KEY ("invoice_id","key")
);

-- CreateTable
CREATE TABLE "journal" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "idem_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "memo" TEXT NOT NULL DEFAULT '',
    "booked_s" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "journal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "journal_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "account" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "micro" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("journal_id","position")
);

-- CreateTable
CREATE TABLE "ledger_balance" (
    "org_id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "micro" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "ledger_balance_pkey" PRIMARY KEY ("org_id","account","currency")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "reference" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "auth_user_email_key" ON "auth_user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "auth_session_token_key" ON "auth_session"("token");

-- CreateIndex
CREATE INDEX "auth_session_userId_idx" ON "auth_session"("userId");

-- CreateIndex
CREATE INDEX "auth_account_userId_idx" ON "auth_account"("userId");

-- CreateIndex
CREATE INDEX "auth_verification_identifier_idx" ON "auth_verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "operator_user_email_key" ON "operator_user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "organization_slug_key" ON "organization"("slug");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_org_id_user_id_key" ON "membership"("org_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "project_org_id_id_key" ON "project"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "project_org_id_slug_key" ON "project"("org_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_lookup_key" ON "api_key"("lookup");

-- CreateIndex
CREATE INDEX "api_key_org_id_created_at_idx" ON "api_key"("org_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_org_id_id_key" ON "api_key"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ssh_key_org_id_id_key" ON "ssh_key"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ssh_key_org_id_name_key" ON "ssh_key"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "ssh_key_org_id_fingerprint_key" ON "ssh_key"("org_id", "fingerprint");

-- CreateIndex
CREATE INDEX "node_zone_id_idx" ON "node"("zone_id");

-- CreateIndex
CREATE INDEX "device_zone_id_model_id_idx" ON "device"("zone_id", "model_id");

-- CreateIndex
CREATE UNIQUE INDEX "device_node_id_index_key" ON "device"("node_id", "index");

-- CreateIndex
CREATE UNIQUE INDEX "sku_model_id_region_id_key" ON "sku"("model_id", "region_id");

-- CreateIndex
CREATE UNIQUE INDEX "price_row_sku_currency_from_s_published_s_key" ON "price_row"("sku", "currency", "from_s", "published_s");

-- CreateIndex
CREATE INDEX "workload_org_id_kind_created_at_id_idx" ON "workload"("org_id", "kind", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "workload_state_idx" ON "workload"("state");

-- CreateIndex
CREATE UNIQUE INDEX "workload_org_id_id_key" ON "workload"("org_id", "id");

-- CreateIndex
CREATE INDEX "allocation_org_id_workload_id_idx" ON "allocation"("org_id", "workload_id");

-- CreateIndex
CREATE INDEX "allocation_org_id_start_s_idx" ON "allocation"("org_id", "start_s");

-- CreateIndex
CREATE UNIQUE INDEX "allocation_org_id_id_key" ON "allocation"("org_id", "id");

-- CreateIndex
CREATE INDEX "allocation_device_device_id_idx" ON "allocation_device"("device_id");

-- CreateIndex
CREATE INDEX "undelivered_org_id_allocation_id_idx" ON "undelivered"("org_id", "allocation_id");

-- CreateIndex
CREATE INDEX "operation_org_id_workload_id_created_at_idx" ON "operation"("org_id", "workload_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "operation_org_id_id_key" ON "operation"("org_id", "id");

-- CreateIndex
CREATE INDEX "state_change_org_id_workload_id_at_idx" ON "state_change"("org_id", "workload_id", "at");

-- CreateIndex
CREATE INDEX "audit_event_org_id_at_idx" ON "audit_event"("org_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_org_id_seq_key" ON "audit_event"("org_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "rating_run_org_id_id_key" ON "rating_run"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_number_key" ON "invoice"("number");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_org_id_id_key" ON "invoice"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_org_id_from_s_to_s_status_key" ON "invoice"("org_id", "from_s", "to_s", "status");

-- CreateIndex
CREATE INDEX "invoice_line_org_id_allocation_id_idx" ON "invoice_line"("org_id", "allocation_id");

-- CreateIndex
CREATE UNIQUE INDEX "journal_idem_key_key" ON "journal"("idem_key");

-- CreateIndex
CREATE UNIQUE INDEX "journal_org_id_id_key" ON "journal"("org_id", "id");

-- CreateIndex
CREATE INDEX "ledger_entry_org_id_account_idx" ON "ledger_entry"("org_id", "account");

-- CreateIndex
CREATE UNIQUE INDEX "payment_reference_key" ON "payment"("reference");

-- CreateIndex
CREATE INDEX "payment_org_id_created_at_idx" ON "payment"("org_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "payment_org_id_id_key" ON "payment"("org_id", "id");

-- AddForeignKey
ALTER TABLE "auth_session" ADD CONSTRAINT "auth_session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_account" ADD CONSTRAINT "auth_account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operator_session" ADD CONSTRAINT "operator_session_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "operator_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "zone" ADD CONSTRAINT "zone_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "region"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node" ADD CONSTRAINT "node_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device" ADD CONSTRAINT "device_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operation_step" ADD CONSTRAINT "operation_step_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

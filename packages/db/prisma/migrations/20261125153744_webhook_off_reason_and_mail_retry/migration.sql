-- AlterTable
ALTER TABLE "webhook" ADD COLUMN     "off_reason" TEXT;

ALTER TABLE webhook ADD CHECK (off_reason IN ('gone', 'silent')), ADD CHECK (off_reason IS NULL OR status = 'failed');

-- Operators put a mail that was given up back into the outbox; what it says stays unread and unchanged.
GRANT UPDATE (status, attempts, next_attempt_at, last_error, done_at) ON outgoing_mail TO app_ops;

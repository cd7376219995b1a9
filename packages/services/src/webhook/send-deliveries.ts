import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import type { Clock } from '@suanxiang/platform/clock';
import { type AddressPolicy, safeFetch, UnsafeAddressError } from '@suanxiang/platform/safe-fetch';
import { unseal } from '@suanxiang/platform/seal';
import { Webhook } from 'standardwebhooks';
import { noteFailure } from './turn-off';
import { SEALED_FOR } from './webhook-row';

/**
 * Pauses after each attempt in seconds, as the Standard Webhooks specification suggests them: about three days in all, each up to a
 * tenth longer by chance so that many do not come back together.
 */
export const PAUSES_S = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
/** Deliveries under way at a time, and of them to one webhook: a slow receiver holds up mostly itself. */
const BATCH = 32;
const BATCH_OF_WEBHOOK = 4;
/** How long an answer is waited for; claimed deliveries come back after a multiple of it if their worker died. */
const PATIENCE_MS = 10_000;
const CLAIM_S = 60;
const ANSWER_BYTES = 1_024;

export interface SenderOptions {
  db: Db;
  clock: Clock;
  dataKey: string;
  policy: AddressPolicy;
  /** Links in mails. */
  webUrl: string;
}

interface Due {
  id: string;
  org_id: string;
  webhook_id: string;
  event_id: string;
  body: string;
  attempts: number;
  url: string;
  secret: string;
  old_secret: string | null;
}

/** Takes due deliveries for this round; whoever else looks finds them again only when this worker must have died. */
function claim(db: Db): Promise<Due[]> {
  return singleSql(db)<Due>`
    UPDATE webhook_delivery d SET attempts = d.attempts + 1,
      next_attempt_at = clock_timestamp() + make_interval(secs => ${CLAIM_S})
    FROM (
      SELECT one.id FROM webhook w CROSS JOIN LATERAL (
        SELECT id, next_attempt_at FROM webhook_delivery
        WHERE webhook_id = w.id AND org_id = w.org_id AND status = 'pending' AND next_attempt_at <= clock_timestamp()
        ORDER BY next_attempt_at LIMIT ${BATCH_OF_WEBHOOK} FOR UPDATE SKIP LOCKED) one
      WHERE w.status = 'enabled' AND w.deleted_at IS NULL ORDER BY one.next_attempt_at LIMIT ${BATCH}) due, webhook hook
    WHERE d.id = due.id AND hook.id = d.webhook_id
    RETURNING d.id, d.org_id, d.webhook_id, d.event_id, d.body, d.attempts, hook.url, hook.secret,
      CASE WHEN hook.old_secret_until > clock_timestamp() THEN hook.old_secret END AS old_secret`;
}

/** Signatures with every secret that holds now, the new one first. */
function signaturesOf(due: Due, dataKey: string, at: Date): string {
  return [due.secret, due.old_secret]
    .filter((sealed) => sealed !== null)
    .map((sealed) => new Webhook(unseal(dataKey, SEALED_FOR, due.webhook_id, sealed)).sign(due.event_id, at, due.body))
    .join(' ');
}

interface Outcome {
  status: number | null;
  error: string | null;
  answer: string | null;
  durationMs: number;
}

/** What a failure is called in the delivery log: never the inside of an answer or of our network. */
function reasonOf(error: unknown): string {
  if (error instanceof UnsafeAddressError) return error.message;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: string };
  if (name === 'TimeoutError' || String(code).includes('TIMEOUT')) return `no answer within ${PATIENCE_MS / 1000} s`;
  return typeof code === 'string' ? code : 'the connection failed';
}

async function attempt(options: SenderOptions, due: Due): Promise<Outcome> {
  const at = new Date(options.clock.nowMs());
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Suanxiang-Webhooks/1',
    'webhook-id': due.event_id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signaturesOf(due, options.dataKey, at),
  };
  const durationMs = () => Math.max(0, Math.round(options.clock.nowMs() - at.getTime()));
  try {
    const call = { method: 'POST' as const, headers, body: due.body, timeoutMs: PATIENCE_MS, maxBytes: ANSWER_BYTES };
    const { status, text } = await safeFetch(due.url, { ...call, ...options.policy });
    // PostgreSQL's text takes no zero bytes.
    return { status, error: null, answer: text.replaceAll('\0', ''), durationMs: durationMs() };
  } catch (error) {
    return { status: null, error: reasonOf(error), answer: null, durationMs: durationMs() };
  }
}

async function deliver(options: SenderOptions, due: Due): Promise<void> {
  const outcome = await attempt(options, due);
  const sql = singleSql(options.db);
  const taken = outcome.status !== null && outcome.status >= 200 && outcome.status < 300;
  const pauseS = PAUSES_S[due.attempts - 1];
  const over = !taken && pauseS === undefined;
  const nextS = Math.round((pauseS ?? 0) * (1 + Math.random() / 10));
  await sql`
    INSERT INTO webhook_attempt (id, org_id, delivery_id, at, duration_ms, status, error, answer)
    VALUES (${mintId('webhookAttempt', options.clock.nowMs())}, ${due.org_id}, ${due.id}, clock_timestamp(), ${outcome.durationMs},
      ${outcome.status}, ${outcome.error}, ${outcome.answer})`;
  await sql`
    UPDATE webhook_delivery SET status = CASE WHEN ${taken} THEN 'delivered' WHEN ${over} THEN 'failed' ELSE status END,
      done_at = CASE WHEN ${taken || over} THEN clock_timestamp() END,
      next_attempt_at = clock_timestamp() + make_interval(secs => ${nextS}::int)
    WHERE id = ${due.id} AND status = 'pending'`;
  if (taken) {
    await sql`UPDATE webhook SET failing_since = NULL WHERE id = ${due.webhook_id} AND failing_since IS NOT NULL`;
    return;
  }
  await noteFailure(options, { ...due, gone: outcome.status === 410 });
}

/** Sends what is due, in any number of workers. Returns how many deliveries were tried. */
export async function sendDeliveries(options: SenderOptions): Promise<number> {
  const due = await claim(options.db);
  await Promise.all(due.map((one) => deliver(options, one)));
  return due.length;
}

/** Forgets events and deliveries after 30 days, some thousands at a time. */
export async function pruneEvents(db: Db): Promise<void> {
  const sql = singleSql(db);
  await sql`
    DELETE FROM webhook_delivery WHERE id IN (
      SELECT id FROM webhook_delivery WHERE created_at < clock_timestamp() - interval '30 days' LIMIT 5000)`;
  await sql`
    DELETE FROM event WHERE id IN (SELECT id FROM event WHERE at < clock_timestamp() - interval '30 days' LIMIT 20000)`;
}

import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { lockLedger, walletMicro } from '../ledger/post-journal';

/** When the balance is topped up without being asked, and how much of that is allowed. */
export interface AutoTopUpPolicy {
  thresholdMinor: bigint;
  amountMinor: bigint;
  /** Least seconds between two requests, whatever became of the first. */
  coolOffS: number;
  /** Most that may be requested in 24 hours; null = no limit. */
  dailyMaxMinor: bigint | null;
}

interface PolicyRow {
  threshold: string;
  amount: string;
  cool_off: number;
  daily_max: string | null;
}

async function readPolicy(sql: Sql, orgId: string): Promise<AutoTopUpPolicy | null> {
  const [row] = await sql<PolicyRow>`
    SELECT auto_threshold_minor::text AS threshold, auto_amount_minor::text AS amount, auto_cool_off_s AS cool_off,
      auto_daily_max_minor::text AS daily_max
    FROM billing_settings WHERE org_id = ${orgId} AND auto_enabled`;
  if (!row) return null;
  return {
    thresholdMinor: BigInt(row.threshold),
    amountMinor: BigInt(row.amount),
    coolOffS: row.cool_off,
    dailyMaxMinor: row.daily_max === null ? null : BigInt(row.daily_max),
  };
}

/** True when a request now would break the policy: one is under way, the last is too fresh, or the day's limit is reached. */
async function isHeldBack(sql: Sql, orgId: string, policy: AutoTopUpPolicy, nowMs: number): Promise<boolean> {
  const [row] = await sql<{ open: boolean; fresh: boolean; day: string }>`
    SELECT coalesce(bool_or(status IN ('pending', 'requires_action', 'processing')), false) AS open,
      coalesce(bool_or(created_at > to_timestamp(${nowMs}::float8 / 1000) - make_interval(secs => ${policy.coolOffS}::int)),
        false) AS fresh,
      coalesce(sum(amount_minor) FILTER (WHERE status NOT IN ('failed', 'canceled')
        AND created_at > to_timestamp(${nowMs}::float8 / 1000) - interval '24 hours'), 0)::text AS day
    FROM payment WHERE org_id = ${orgId} AND purpose = 'auto_top_up'`;
  const { open, fresh, day } = row!;
  if (open || fresh) return true;
  return policy.dailyMaxMinor !== null && BigInt(day) + policy.amountMinor > policy.dailyMaxMinor;
}

/**
 * Asks for an automatic top-up when the balance less what is already used has fallen below the policy's threshold. Only
 * the request is written here, in the caller's transaction; a worker sends it. Returns the payment's id, or null.
 * `unbilledMicro` is the usage that no invoice has taken from the wallet yet.
 */
export async function requestAutoTopUp(
  sql: Sql,
  payer: { orgId: string; currency: string },
  at: { bookedS: number; nowMs: number; unbilledMicro?: bigint },
): Promise<string | null> {
  const { orgId, currency } = payer;
  const policy = await readPolicy(sql, orgId);
  if (!policy) return null;
  await lockLedger(sql, orgId);
  const perMinor = microPerMinor(CURRENCY_EXPONENTS[currency as Currency]);
  const availableMicro = (await walletMicro(sql, orgId, currency)) - (at.unbilledMicro ?? 0n);
  if (availableMicro >= policy.thresholdMinor * perMinor) return null;
  if (await isHeldBack(sql, orgId, policy, at.nowMs)) return null;
  const id = mintId('payment', at.nowMs);
  const reference = `AUTO-${id.slice(-10).toUpperCase()}`;
  await sql`
    INSERT INTO payment (id, org_id, provider, status, purpose, currency, amount_minor, reference, method, created_at)
    SELECT ${id}, ${orgId}, CASE mode WHEN 'sandbox' THEN 'sandbox' ELSE 'stripe' END, 'pending', 'auto_top_up', ${currency},
      ${policy.amountMinor}::bigint, ${reference}, 'card', to_timestamp(${at.nowMs}::float8 / 1000)
    FROM organization WHERE id = ${orgId}`;
  return id;
}

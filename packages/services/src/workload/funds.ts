import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { atLeastMoney, roundedMoney } from '../money';

interface Row {
  wallet_micro: string;
  unbilled_at_most_micro: string;
  committed_micro: string;
}

/**
 * What can be said about the money without rating: the wallet, a bound that unbilled usage cannot pass (every second since
 * the last invoice at the highest price its SKU ever had, minimum included), and what all that runs or is about to run
 * costs per hour.
 */
async function quickLook(sql: Sql, orgId: string, currency: string): Promise<Row> {
  const [row] = await sql<Row>`
    SELECT
      (SELECT -coalesce(sum(micro), 0) FROM ledger_balance
        WHERE org_id = ${orgId} AND account = 'wallet' AND currency = ${currency})::text AS wallet_micro,
      (SELECT ceil(coalesce(sum(a.gpus * top.micro::numeric
          * (greatest(0, least(coalesce(a.end_s, o.now_s), o.now_s) - greatest(a.start_s, o.from_s)) + top.min_seconds)), 0) / 3600)
        FROM (SELECT suan_billing_now_s(clock_offset_s) AS now_s, coalesce((SELECT max(to_s) FROM billing_period
                WHERE org_id = ${orgId} AND status = 'final'), 0) AS from_s
              FROM organization WHERE id = ${orgId}) o
        JOIN allocation a ON a.org_id = ${orgId} AND a.start_s IS NOT NULL AND (a.end_s IS NULL OR a.end_s > o.from_s)
        JOIN (SELECT sku, max(micro_per_gpu_hour) AS micro, max(min_seconds) AS min_seconds FROM price_row
              WHERE currency = ${currency} GROUP BY sku) top ON top.sku = a.sku)::text AS unbilled_at_most_micro,
      (SELECT coalesce(sum(node_count * gpus_per_node * price_micro_per_gpu_hour), 0) FROM workload
        WHERE org_id = ${orgId} AND state IN ('queued', 'provisioning', 'running', 'starting'))::text AS committed_micro`;
  return row!;
}

/** What one hour of everything would cost and what there is for it, rated exactly. */
export interface FundsCheck {
  currency: string;
  neededMicro: bigint;
  availableMicro: bigint;
  fits: boolean;
}

async function weigh(sql: Sql, orgId: string, currency: string, neededMicro: bigint): Promise<FundsCheck> {
  const found = await accountBalance(sql, orgId);
  const availableMicro = found.availableMicro + minorToMicro(found.creditLimitMinor, currency as Currency);
  return { currency, neededMicro, availableMicro, fits: availableMicro >= neededMicro };
}

/** The money that a launch would meet. */
export async function assessFunds(
  sql: Sql,
  orgId: string,
  currency: string,
  newMicroPerHour: bigint,
): Promise<FundsCheck> {
  const look = await quickLook(sql, orgId, currency);
  return weigh(sql, orgId, currency, BigInt(look.committed_micro) + newMicroPerHour);
}

/** What is needed, what is there, and what is missing, as the API shows money. */
export function fundsAnswer({ currency, neededMicro, availableMicro }: FundsCheck) {
  return {
    needed: atLeastMoney(neededMicro, currency),
    available: roundedMoney(availableMicro, currency),
    missing: atLeastMoney(availableMicro < neededMicro ? neededMicro - availableMicro : 0n, currency),
  };
}

/** `payment_required` with the figures and the way to add money. */
export function fundsProblem(check: FundsCheck): ProblemError {
  const { needed, available, missing } = fundsAnswer(check);
  return new ProblemError(
    'payment_required',
    `One hour of everything that would then run costs ${needed.amount} ${check.currency}; ${available.amount} ${check.currency} are available.`,
    {
      suggestion: `Add at least ${missing.amount} ${check.currency} with POST /v1/billing/top-ups (console: Billing, Top up), or stop something.`,
      members: { needed, available, missing, top_up: { method: 'POST', path: '/v1/billing/top-ups' } },
    },
  );
}

/**
 * Throws `payment_required` unless what is available, credit limit included, covers one hour of everything that would then run. Rates the running
 * period exactly only where the quick bound does not already show that there is enough. The caller holds the
 * organisation's lock, so that requests at the same time cannot spend the same money.
 */
export async function requireFunds(sql: Sql, orgId: string, currency: string, newMicroPerHour: bigint): Promise<void> {
  const look = await quickLook(sql, orgId, currency);
  const burnMicro = BigInt(look.committed_micro) + newMicroPerHour;
  if (BigInt(look.wallet_micro) - BigInt(look.unbilled_at_most_micro) >= burnMicro) return;
  const check = await weigh(sql, orgId, currency, burnMicro);
  if (!check.fits) throw fundsProblem(check);
}

import type { Sql } from '@suanxiang/db/sql';
import { requestAutoTopUp } from '../payments/auto-top-up';
import { lockLedger, postJournal } from './post-journal';

/**
 * Takes an amount from the wallet as revenue, once per key, and looks afterwards whether the balance has to be topped up.
 * The wallet may fall below 0: what was used is owed. Returns whether this call booked it. micro > 0.
 */
export async function chargeWallet(
  sql: Sql,
  payer: { orgId: string; currency: string },
  charge: { key: string; micro: bigint; memo: string },
  bookedS: number,
  nowMs: number,
): Promise<boolean> {
  if (charge.micro <= 0n) throw new RangeError('a charge needs an amount above 0');
  const { orgId, currency } = payer;
  await lockLedger(sql, orgId);
  const entries = [
    { account: 'wallet' as const, currency, micro: charge.micro },
    { account: 'revenue' as const, currency, micro: -charge.micro },
  ];
  const idemKey = `charge:${orgId}:${charge.key}`;
  const head = { orgId, idemKey, kind: 'charge' as const, memo: charge.memo, bookedS };
  const { posted } = await postJournal(sql, { ...head, entries }, nowMs);
  if (posted) await requestAutoTopUp(sql, payer, { bookedS, nowMs });
  return posted;
}

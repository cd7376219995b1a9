import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { add, floor, type Rational, rational, ZERO } from '@suanxiang/domain/rational';
import { type Contract, commitmentOf, negotiatedRows } from '../rating/contract';
import { ratePeriod } from '../rating/rate';
import type { RatedLine } from '../rating/types';
import { loadTerms } from '../usage/load-terms';
import { loadUsageOf } from '../usage/load-usage';

/** What one SKU (null: the shortfall of the commitment) cost, and would have cost. Minor units, before tax. */
export interface ContractEffect {
  sku: string | null;
  gpuSeconds: bigint;
  beforeMinor: bigint;
  afterMinor: bigint;
}

const PPM = 1_000_000n;

/**
 * Rates a month's real usage of one account twice: as it was, and as if a contract had been in force all month. Promotional credit, tax
 * and corrections are left out on both sides. `nowS` ends what is running. Reads only.
 */
export async function previewContract(
  sql: Sql,
  org: { orgId: string; currency: string },
  contract: Contract,
  period: Span,
  nowS: number,
): Promise<ContractEffect[]> {
  const { leases, listPrices, contracts } = await loadTerms(sql, org, period);
  const terms = leases.map((lease) => lease.term);
  const untilS = Math.min(period.toS, Math.max(nowS, period.fromS));
  const exponent = CURRENCY_EXPONENTS[org.currency as Currency];
  const rate = async (agreed: readonly Contract[]): Promise<RatedLine[]> => {
    const prices = negotiatedRows(listPrices, agreed);
    const [usage] = await loadUsageOf(sql, [
      { orgId: org.orgId, cutoff: null, period, untilS, prices, terms, cutsS: [] },
    ]);
    const commitmentMinor = commitmentOf(agreed, period);
    return ratePeriod({ period, exponent, prices, allocations: terms, usage: usage!, untilS, commitmentMinor }).lines;
  };
  const effects = new Map<string | null, Omit<ContractEffect, 'gpuSeconds'> & { qty: Rational }>();
  const count = (line: RatedLine, side: 'beforeMinor' | 'afterMinor') => {
    const known = effects.get(line.sku) ?? { sku: line.sku, beforeMinor: 0n, afterMinor: 0n, qty: ZERO };
    const qty = side === 'afterMinor' ? add(known.qty, line.qty) : known.qty;
    effects.set(line.sku, { ...known, qty, [side]: known[side] + line.amountMinor });
  };
  for (const line of await rate(contracts)) count(line, 'beforeMinor');
  for (const line of await rate([{ ...contract, fromS: 0, toS: null }])) count(line, 'afterMinor');
  return [...effects.values()]
    .sort((a, b) => ((a.sku ?? '~') < (b.sku ?? '~') ? -1 : 1))
    .map(({ qty, ...effect }) => ({ ...effect, gpuSeconds: floor(rational(qty.num, qty.den * PPM)) }));
}

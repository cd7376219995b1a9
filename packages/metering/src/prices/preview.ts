import type { Sql } from '@suanxiang/db/sql';
import { monthBounds } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { add, floor, type Rational, rational, ZERO } from '@suanxiang/domain/rational';
import { negotiatedRows } from '../rating/contract';
import { ratePeriod } from '../rating/rate';
import type { PriceRow, RatedLine } from '../rating/types';
import { loadTerms } from '../usage/load-terms';
import { loadUsageOf } from '../usage/load-usage';
import type { BookPrice } from './price-books';

/** What a group of usage costs at the prices that were in force, and would cost at the draft's. Minor units, before tax. */
interface Effect {
  currency: string;
  beforeMinor: bigint;
  afterMinor: bigint;
}

export interface SkuEffect extends Effect {
  sku: string;
  gpuSeconds: bigint;
}

export interface OrganizationEffect extends Effect {
  orgId: string;
  name: string;
}

export interface PricePreview {
  /** Organisations that used anything in the month. */
  organizations: number;
  byCurrency: Effect[];
  bySku: SkuEffect[];
  /** Those whose bill would change, by how much. */
  affected: OrganizationEffect[];
}

interface OrgRow {
  id: string;
  name: string;
  currency: string;
  time_zone: string;
}

/** Widest offset of a time zone: which organisations may have used something in a month that begins at their midnight. */
const ZONE_S = 16 * 3600;

/** Live organisations with a lease in the month. Play money does not count. */
function usersOf(sql: Sql, month: string): Promise<OrgRow[]> {
  const { fromS, toS } = monthBounds(month, 'UTC');
  return sql<OrgRow>`
    SELECT o.id, o.name, o.currency, o.time_zone FROM organization o WHERE o.mode = 'live' AND EXISTS (
      SELECT 1 FROM allocation a WHERE a.org_id = o.id AND a.start_s < ${toS + ZONE_S}::bigint
        AND (a.end_s IS NULL OR a.end_s > ${fromS - ZONE_S}::bigint))
    ORDER BY o.id`;
}

/** The rows with those SKUs' in the draft replaced by its latest price, as if that had always been in force. */
export function repriced(rows: readonly PriceRow[], draft: readonly BookPrice[], currency: string): PriceRow[] {
  const latest = new Map<string, BookPrice>();
  for (const price of draft.filter((one) => one.currency === currency)) {
    const known = latest.get(price.sku);
    if (!known || (price.fromS ?? 0) >= (known.fromS ?? 0)) latest.set(price.sku, price);
  }
  const drafted = [...latest.values()].map(
    ({ sku, microPerGpuHour, minSeconds }): PriceRow => ({
      sku,
      fromS: 0,
      publishedS: 0,
      pricing: { model: 'flat', microPerGpuHour },
      minSeconds,
    }),
  );
  return [...rows.filter((row) => !latest.has(row.sku)), ...drafted];
}

const PPM = 1_000_000n;

class Totals {
  readonly #groups = new Map<string, Effect & { sku: string; qty: Rational }>();

  add(key: string, line: RatedLine, after: RatedLine, currency: string): void {
    const known = this.#groups.get(key);
    const group = known ?? { sku: line.sku ?? '', currency, beforeMinor: 0n, afterMinor: 0n, qty: ZERO };
    this.#groups.set(key, {
      ...group,
      beforeMinor: group.beforeMinor + line.amountMinor,
      afterMinor: group.afterMinor + after.amountMinor,
      qty: add(group.qty, line.qty),
    });
  }

  sorted() {
    return [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }
}

const change = ({ beforeMinor, afterMinor }: Effect) => {
  const delta = afterMinor - beforeMinor;
  return delta < 0n ? -delta : delta;
};

/**
 * Rates a month's real usage of every live organisation twice: at the prices that were in force, and as if the draft's latest
 * price of each SKU had been. Lines are rounded as on an invoice; promotional credit, tax and corrections are left out on
 * both sides. Reads only; the caller's role sees all organisations. `nowS` ends what is running.
 */
export async function previewPrices(
  sql: Sql,
  draft: readonly BookPrice[],
  month: string,
  nowS: number,
): Promise<PricePreview> {
  const [bySku, byCurrency] = [new Totals(), new Totals()];
  const affected: OrganizationEffect[] = [];
  let organizations = 0;
  for (const org of await usersOf(sql, month)) {
    const period = monthBounds(month, org.time_zone);
    const owner = { orgId: org.id, currency: org.currency };
    const { leases, prices, listPrices, contracts } = await loadTerms(sql, owner, period);
    if (leases.length === 0) continue;
    organizations += 1;
    const allocations = leases.map((lease) => lease.term);
    const untilS = Math.min(period.toS, Math.max(nowS, period.fromS));
    // The draft's prices change at no second at which those in force do not.
    const scope = { orgId: org.id, cutoff: null, period, untilS, prices, terms: allocations, cutsS: [] };
    const [usage] = await loadUsageOf(sql, [scope]);
    const exponent = CURRENCY_EXPONENTS[org.currency as Currency];
    const rate = (rows: readonly PriceRow[]) =>
      ratePeriod({ period, exponent, prices: rows, allocations, usage: usage!, untilS }).lines;
    const drafted = negotiatedRows(repriced(listPrices, draft, org.currency), contracts);
    const after = new Map(rate(drafted).map((line) => [line.key, line]));
    const own: OrganizationEffect = {
      orgId: org.id,
      name: org.name,
      currency: org.currency,
      beforeMinor: 0n,
      afterMinor: 0n,
    };
    for (const line of rate(prices)) {
      const then = after.get(line.key)!;
      bySku.add(`${line.sku} ${org.currency}`, line, then, org.currency);
      byCurrency.add(org.currency, line, then, org.currency);
      own.beforeMinor += line.amountMinor;
      own.afterMinor += then.amountMinor;
    }
    if (change(own) > 0n) affected.push(own);
  }
  return {
    organizations,
    byCurrency: byCurrency.sorted(),
    bySku: bySku
      .sorted()
      .map(({ qty, ...group }) => ({ ...group, gpuSeconds: floor(rational(qty.num, qty.den * PPM)) })),
    affected: affected.sort((a, b) => (change(b) > change(a) ? 1 : change(b) < change(a) ? -1 : 0)),
  };
}

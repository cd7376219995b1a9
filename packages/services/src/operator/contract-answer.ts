import type { contract as contractSchema, createContractBody } from '@suanxiang/contract/schemas/contracts';
import type { Sql } from '@suanxiang/db/sql';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import { type StoredPrice, toContractPrice } from '@suanxiang/metering/prices/contracts';
import { currentPrices } from '@suanxiang/metering/prices/price-lookup';
import type { Contract } from '@suanxiang/metering/rating/contract';
import type { z } from 'zod';
import { minorMoney } from '../money';
import { namesOf, soldSkus } from './sold-skus';

type Answer = z.input<typeof contractSchema>;
export type EntryBody = z.output<typeof createContractBody>['prices'][number];

export interface ContractRow {
  id: string;
  org_id: string;
  organization_name: string;
  name: string;
  note: string;
  status: Answer['status'];
  currency: Currency;
  from_month: string;
  until_month: string | null;
  from_s: string;
  to_s: string | null;
  commitment: string | null;
  prices: StoredPrice[];
  digest: string;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  first_approved_by: string | null;
  first_approved_at: Date | null;
  published_by: string | null;
  published_at: Date | null;
}

const MOST = 200;

/** Contracts of an id, of an organisation, or all; the newest first. */
export function readContracts(sql: Sql, where: { id?: string; orgId?: string }): Promise<ContractRow[]> {
  return sql<ContractRow>`
    SELECT c.id, c.org_id, o.name AS organization_name, c.name, c.note, c.status, c.currency, c.from_month, c.until_month,
      c.from_s::text, c.to_s::text, c.commitment_minor::text AS commitment, c.prices, c.digest, c.created_by, c.created_at,
      c.updated_at, c.first_approved_by, c.first_approved_at, c.published_by, c.published_at
    FROM contract c JOIN organization o ON o.id = c.org_id
    WHERE (${where.id ?? null}::text IS NULL OR c.id = ${where.id ?? null})
      AND (${where.orgId ?? null}::text IS NULL OR c.org_id = ${where.orgId ?? null})
    ORDER BY c.created_at DESC, c.id DESC LIMIT ${MOST}::int`;
}

/** A row as the rater reads it. */
export function toContract(row: ContractRow): Contract {
  return {
    id: row.id,
    fromS: Number(row.from_s),
    toS: row.to_s === null ? null : Number(row.to_s),
    commitmentMinor: row.commitment === null ? null : BigInt(row.commitment),
    prices: row.prices.map(toContractPrice),
  };
}

const HOUR_S = 3600n;

/** Parts per million as percent with as many decimals as it needs. */
function percentText(ppm: number): string {
  const decimals = String(ppm % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return `${Math.floor(ppm / 10_000)}${decimals === '' ? '' : `.${decimals}`}`;
}

/** Terms as their account and operators see them, with the list price of now beside each entry. */
export async function termsAnswers(sql: Sql, rows: readonly ContractRow[], nowS: number) {
  const sold = await soldSkus(sql);
  const lists = new Map<string, Awaited<ReturnType<typeof currentPrices>>>();
  for (const { currency } of rows) {
    if (!lists.has(currency)) lists.set(currency, await currentPrices(sql, currency, nowS));
  }
  return rows.map((row) => {
    const { currency } = row;
    const entryOf = (price: Contract['prices'][number]) => {
      const list = price.sku === null ? undefined : lists.get(currency)?.get(price.sku);
      return {
        sku: price.sku,
        name: price.sku === null ? { en: 'Everything else', zh: '其他全部' } : namesOf(price.sku, sold).name,
        model: price.model,
        discount_percent: price.model === 'discount' ? percentText(price.discountPpm) : null,
        bands:
          price.model === 'discount'
            ? []
            : price.bands.map(({ upToGpuSeconds, microPerGpuHour }) => ({
                up_to_hours: upToGpuSeconds === null ? null : Number(upToGpuSeconds / HOUR_S),
                price: formatMicro(microPerGpuHour, currency),
              })),
        list_price: list ? formatMicro(list.microPerGpuHour, currency) : null,
      };
    };
    const terms = toContract(row);
    return {
      id: row.id,
      name: row.name,
      from: formatTimestamp(terms.fromS),
      until: terms.toS === null ? null : formatTimestamp(terms.toS),
      commitment: terms.commitmentMinor === null ? null : minorMoney(terms.commitmentMinor, currency),
      prices: terms.prices.map(entryOf),
      digest: row.digest,
    };
  });
}

/** Contracts as operators see them. */
export async function contractAnswers(sql: Sql, rows: readonly ContractRow[], nowS: number): Promise<Answer[]> {
  const time = (at: Date | null) => at?.toISOString() ?? null;
  return (await termsAnswers(sql, rows, nowS)).map((terms, place) => {
    const row = rows[place]!;
    return {
      ...terms,
      org_id: row.org_id,
      organization_name: row.organization_name,
      note: row.note,
      status: row.status,
      from_month: row.from_month,
      until_month: row.until_month,
      created_by: row.created_by,
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
      first_approved_by: row.first_approved_by,
      first_approved_at: time(row.first_approved_at),
      published_by: row.published_by,
      published_at: time(row.published_at),
    };
  });
}

import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { digestOf } from '../rating/canonical';
import type { Contract, ContractPrice } from '../rating/contract';

/** A contract's price as it is stored: big numbers as text. */
export type StoredPrice =
  | { sku: string | null; model: 'discount'; discount_ppm: number }
  | { sku: string; model: 'graduated' | 'volume'; bands: { up_to_gpu_s: string | null; micro: string }[] };

export function toContractPrice(stored: StoredPrice): ContractPrice {
  if (stored.model === 'discount') return { sku: stored.sku, model: 'discount', discountPpm: stored.discount_ppm };
  return {
    sku: stored.sku,
    model: stored.model,
    bands: stored.bands.map(({ up_to_gpu_s: upTo, micro }) => ({
      upToGpuSeconds: upTo === null ? null : BigInt(upTo),
      microPerGpuHour: BigInt(micro),
    })),
  };
}

export function toStoredPrice(price: ContractPrice): StoredPrice {
  if (price.model === 'discount') return { sku: price.sku, model: 'discount', discount_ppm: price.discountPpm };
  return {
    sku: price.sku,
    model: price.model,
    bands: price.bands.map(({ upToGpuSeconds, microPerGpuHour }) => ({
      up_to_gpu_s: upToGpuSeconds?.toString() ?? null,
      micro: microPerGpuHour.toString(),
    })),
  };
}

/** The published contracts that reach into the span of each account, the oldest first, in the order of the accounts. */
export async function contractsOf(sql: Sql, spans: readonly (Span & { orgId: string })[]): Promise<Contract[][]> {
  const rows = await sql<{
    part: number;
    id: string;
    from_s: string;
    to_s: string | null;
    commitment: string | null;
    prices: StoredPrice[];
  }>`
    SELECT s.part::int, c.id, c.from_s::text, c.to_s::text, c.commitment_minor::text AS commitment, c.prices
    FROM unnest(${spans.map((s) => s.orgId)}::text[], ${spans.map((s) => String(s.fromS))}::bigint[],
      ${spans.map((s) => String(s.toS))}::bigint[]) WITH ORDINALITY AS s(org_id, from_s, to_s, part)
    JOIN contract c ON c.org_id = s.org_id AND c.status = 'published' AND c.from_s < s.to_s
      AND (c.to_s IS NULL OR c.to_s > s.from_s)
    ORDER BY s.part, c.from_s`;
  const found = spans.map((): Contract[] => []);
  for (const row of rows) {
    found[row.part - 1]!.push({
      id: row.id,
      fromS: Number(row.from_s),
      toS: row.to_s === null ? null : Number(row.to_s),
      commitmentMinor: row.commitment === null ? null : BigInt(row.commitment),
      prices: row.prices.map(toContractPrice),
    });
  }
  return found;
}

/** SHA-256 of terms, whenever they end: what follows them is no part of them. */
export function contractDigest({ id, fromS, commitmentMinor, prices }: Omit<Contract, 'toS'>): string {
  return digestOf({ id, fromS, commitmentMinor, prices });
}

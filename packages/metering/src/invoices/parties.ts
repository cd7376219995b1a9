import type { Sql } from '@suanxiang/db/sql';
import { legalEntityIdOf } from '../prices/legal-entities';
import type { TaxRule } from '../rating/tax';
import type { Party } from './view';

export interface Seller {
  legalEntityId: string;
  series: string;
  party: Party;
  tax: TaxRule;
}

/** The company that invoices an account. Throws RangeError when the catalogue was never seeded. */
export async function sellerOf(sql: Sql, org: { mode: 'live' | 'sandbox'; currency: string }): Promise<Seller> {
  const id = legalEntityIdOf(org.mode, org.currency);
  const [row] = await sql<
    Record<'name' | 'address' | 'tax_id' | 'series' | 'tax_mode', string> & { tax_rate_ppm: number }
  >`
    SELECT name, address, tax_id, series, tax_mode, tax_rate_ppm FROM legal_entity WHERE id = ${id}`;
  if (!row) throw new RangeError(`no legal entity ${id}: seed the catalogue first`);
  return {
    legalEntityId: id,
    series: row.series,
    party: { name: row.name, address: row.address, taxId: row.tax_id },
    tax: { mode: row.tax_mode as TaxRule['mode'], ratePpm: BigInt(row.tax_rate_ppm) },
  };
}

/** Accounts as they stand on their invoices, in their order: the legal name, or the name when it gave none. */
export async function buyersOf(sql: Sql, orgIds: readonly string[]): Promise<Party[]> {
  const rows = await sql<{ id: string; name: string; legal_name: string; address: string; tax_id: string }>`
    SELECT id, name, legal_name, address, tax_id FROM organization WHERE id = ANY (${orgIds}::text[])`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  return orgIds.map((orgId) => {
    const row = byId.get(orgId);
    if (!row) throw new RangeError(`no organization ${orgId}`);
    return { name: row.legal_name || row.name, address: row.address, taxId: row.tax_id };
  });
}

/** The same of one account. */
export async function buyerOf(sql: Sql, orgId: string): Promise<Party> {
  const [buyer] = await buyersOf(sql, [orgId]);
  return buyer!;
}

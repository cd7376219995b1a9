import type { organization } from '@suanxiang/contract/schemas/identity';
import type { Sql } from '@suanxiang/db/sql';
import type { Currency } from '@suanxiang/domain/money';
import type { z } from 'zod';
import { notFound } from '../problem';

interface Row {
  id: string;
  slug: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: Currency;
  country: string;
  time_zone: string;
  legal_name: string;
  address: string;
  tax_id: string;
  require_mfa: boolean;
  clock_offset_s: string;
  impersonation_consent: boolean;
  billing_now_s: string;
  created_at: Date;
}

/** An organisation as the API shows it. Throws `not_found`. */
export async function readOrganization(sql: Sql, orgId: string): Promise<z.input<typeof organization>> {
  const [row] = await sql<Row>`
    SELECT id, slug, name, mode, currency, country, time_zone, legal_name, address, tax_id, clock_offset_s::text,
      impersonation_consent, require_mfa,
      suan_billing_now_s(clock_offset_s)::text AS billing_now_s, created_at FROM organization WHERE id = ${orgId}`;
  if (!row) throw notFound();
  const { billing_now_s, clock_offset_s, created_at, ...rest } = row;
  return {
    ...rest,
    billing_now: new Date(Number(billing_now_s) * 1000).toISOString(),
    clock_offset_s: Number(clock_offset_s),
    created_at: created_at.toISOString(),
  };
}

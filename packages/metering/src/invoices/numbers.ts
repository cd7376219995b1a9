import type { Sql } from '@suanxiang/db/sql';
import { dayAt } from '@suanxiang/domain/calendar';
import type { Seller } from './parties';

function format(series: string, issuedS: number, timeZone: string, number: number): string {
  return `${series}-${dayAt(issuedS, timeZone).slice(0, 4)}-${String(number).padStart(6, '0')}`;
}

/**
 * Takes the seller's next invoice number: `<series>-<year of issue>-<six digits>`. The row stays locked until commit, so that
 * numbers have no gaps; take it as late as possible.
 */
export async function takeInvoiceNumber(sql: Sql, seller: Seller, issuedS: number, timeZone: string): Promise<string> {
  const [row] = await sql<{ taken: number }>`
    UPDATE legal_entity SET next_number = next_number + 1 WHERE id = ${seller.legalEntityId}
    RETURNING next_number - 1 AS taken`;
  return format(seller.series, issuedS, timeZone, row!.taken);
}

/** The same for credit notes, in a series of their own. */
export async function takeNoteNumber(sql: Sql, seller: Seller, issuedS: number, timeZone: string): Promise<string> {
  const [row] = await sql<{ taken: number }>`
    UPDATE legal_entity SET next_note_number = next_note_number + 1 WHERE id = ${seller.legalEntityId}
    RETURNING next_note_number - 1 AS taken`;
  return format(`${seller.series}-CN`, issuedS, timeZone, row!.taken);
}

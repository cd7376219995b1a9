import type { Sql } from '@suanxiang/db/sql';
import { dayAt } from '@suanxiang/domain/calendar';
import type { Seller } from './parties';

function format(series: string, issuedS: number, timeZone: string, number: number): string {
  return `${series}-${dayAt(issuedS, timeZone).slice(0, 4)}-${String(number).padStart(6, '0')}`;
}

/** When and where an invoice is issued, which gives its number the year. */
export interface Issue {
  issuedS: number;
  timeZone: string;
}

/**
 * Takes the seller's next invoice numbers, one for each issue in their order: `<series>-<year of issue>-<six digits>`. The row
 * stays locked until commit, so that numbers have no gaps; take them as late as possible.
 */
export async function takeInvoiceNumbers(sql: Sql, seller: Seller, issues: readonly Issue[]): Promise<string[]> {
  const [row] = await sql<{ taken: number }>`
    UPDATE legal_entity SET next_number = next_number + ${issues.length}::int WHERE id = ${seller.legalEntityId}
    RETURNING next_number - ${issues.length}::int AS taken`;
  return issues.map(({ issuedS, timeZone }, index) => format(seller.series, issuedS, timeZone, row!.taken + index));
}

/** The same for credit notes, in a series of their own. */
export async function takeNoteNumber(sql: Sql, seller: Seller, issuedS: number, timeZone: string): Promise<string> {
  const [row] = await sql<{ taken: number }>`
    UPDATE legal_entity SET next_note_number = next_note_number + 1 WHERE id = ${seller.legalEntityId}
    RETURNING next_note_number - 1 AS taken`;
  return format(`${seller.series}-CN`, issuedS, timeZone, row!.taken);
}

import type { creditNote, creditNoteSummary } from '@suanxiang/contract/schemas/billing';
import type { CreditNoteSummary, CreditNoteView } from '@suanxiang/metering/invoices/read-credit-notes';
import type { z } from 'zod';
import { partyAnswer } from '../invoice/invoice-answer';
import { minorMoney } from '../money';

const time = (unixS: number) => new Date(unixS * 1000).toISOString();

/** A credit note's head as the API shows it. */
export function noteSummaryAnswer(found: CreditNoteSummary): z.input<typeof creditNoteSummary> {
  const { currency, totalMinor, settledMinor } = found;
  return {
    id: found.id,
    number: found.number,
    invoice_id: found.invoiceId,
    invoice_number: found.invoiceNumber,
    total: minorMoney(totalMinor, currency),
    settled: minorMoney(settledMinor, currency),
    to_balance: minorMoney(totalMinor - settledMinor, currency),
    issued_at: time(found.issuedS),
  };
}

/** A credit note with its lines as the API shows it. */
export function noteAnswer(found: CreditNoteView): z.input<typeof creditNote> {
  const { currency } = found;
  return {
    ...noteSummaryAnswer(found),
    period_from: time(found.fromS),
    period_to: time(found.toS),
    time_zone: found.timeZone,
    net: minorMoney(found.netMinor, currency),
    tax: minorMoney(found.taxMinor, currency),
    tax_rate_ppm: found.taxRatePpm,
    seller: partyAnswer(found.seller),
    buyer: partyAnswer(found.buyer),
    digest: found.digest,
    lines: found.lines.map((line) => ({
      key: line.key,
      description: line.description,
      allocation_id: line.allocationId,
      amount: minorMoney(line.amountMinor, currency),
    })),
  };
}

import type * as schemas from '@suanxiang/contract/schemas/billing';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import type { InvoiceLine, InvoiceSummary, InvoiceView, Party } from '@suanxiang/metering/invoices/view';
import type { z } from 'zod';
import { minorMoney } from '../money';

/** Head of an invoice or of the draft as the API shows it. */
export function summaryAnswer(view: InvoiceSummary): z.input<typeof schemas.invoiceSummary> {
  return {
    id: view.id,
    number: view.number,
    status: view.status,
    period_from: formatTimestamp(view.fromS),
    period_to: formatTimestamp(view.toS),
    time_zone: view.timeZone,
    total: minorMoney(view.totalMinor, view.currency),
    due: minorMoney(view.dueMinor, view.currency),
    issued_at: view.issuedS === null ? null : formatTimestamp(view.issuedS),
  };
}

function lineAnswer(line: InvoiceLine, currency: string): z.input<typeof schemas.invoiceLine> {
  return {
    key: line.key,
    kind: line.kind,
    description: line.description,
    allocation_id: line.allocationId,
    workload_id: line.workloadId,
    project_id: line.projectId,
    sku: line.sku,
    from_s: line.fromS,
    to_s: line.toS,
    billed_seconds: line.billedSeconds,
    measured_seconds: line.measuredSeconds,
    undelivered_seconds: line.undeliveredSeconds,
    qty: line.qty,
    exact_minor: line.exactMinor,
    amount: minorMoney(line.amountMinor, currency),
    segments: line.segments.map((segment) => ({
      from_s: segment.fromS,
      to_s: segment.toS,
      // No price in force costs nothing.
      price_per_gpu_hour: formatMicro(segment.microPerGpuHour ?? 0n, currency as Currency),
      qty: segment.qty,
      exact_minor: segment.exactMinor,
    })),
    block_count: line.blockCount,
    blocks_digest: line.blocksDigest,
  };
}

const partyAnswer = ({ name, address, taxId }: Party) => ({ name, address, tax_id: taxId });

/** An invoice or the draft with its lines as the API shows it. */
export function invoiceAnswer(view: InvoiceView): z.input<typeof schemas.invoice> {
  return {
    ...summaryAnswer(view),
    from_s: view.fromS,
    to_s: view.toS,
    subtotal: minorMoney(view.subtotalMinor, view.currency),
    tax: minorMoney(view.taxMinor, view.currency),
    tax_rate_ppm: view.taxRatePpm,
    paid: minorMoney(view.paidMinor, view.currency),
    seller: partyAnswer(view.seller),
    buyer: partyAnswer(view.buyer),
    digest: view.digest,
    engine_version: view.engineVersion,
    lines: view.lines.map((line) => lineAnswer(line, view.currency)),
  };
}

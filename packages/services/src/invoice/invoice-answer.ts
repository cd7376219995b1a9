import type { invoice, invoiceSummary, party } from '@suanxiang/contract/schemas/billing';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import type { InvoiceSummary, InvoiceView } from '@suanxiang/metering/invoices/view';
import type { z } from 'zod';
import { minorMoney } from '../money';

const time = (unixS: number) => new Date(unixS * 1000).toISOString();

/** An invoice's head as the API shows it. */
export function summaryAnswer(found: InvoiceSummary): z.input<typeof invoiceSummary> {
  return {
    id: found.id,
    number: found.number,
    status: found.status,
    period_from: time(found.fromS),
    period_to: time(found.toS),
    time_zone: found.timeZone,
    total: minorMoney(found.totalMinor, found.currency),
    due: minorMoney(found.dueMinor, found.currency),
    issued_at: found.issuedS === null ? null : time(found.issuedS),
    final_at: found.finalS === null ? null : time(found.finalS),
  };
}

function lineAnswer(line: InvoiceView['lines'][number], currency: string): z.input<typeof invoice>['lines'][number] {
  return {
    key: line.key,
    kind: line.kind,
    description: line.description,
    allocation_id: line.allocationId,
    workload_id: line.workloadId,
    project_id: line.projectId,
    sku: line.sku,
    gpus: line.gpus,
    from_s: line.fromS,
    to_s: line.toS,
    billed_seconds: line.billedSeconds,
    measured_seconds: line.measuredSeconds,
    undelivered_seconds: line.undeliveredSeconds,
    minimum_seconds: line.minimumSeconds,
    undelivered: line.undelivered.map((gap) => ({ from_s: gap.fromS, to_s: gap.toS, reason: gap.reason })),
    qty: line.qty,
    exact_minor: line.exactMinor,
    amount: minorMoney(line.amountMinor, currency),
    segments: line.segments.map((segment) => ({
      from_s: segment.fromS,
      to_s: segment.toS,
      kind: segment.kind,
      gpus: segment.gpus,
      price_per_gpu_hour: formatMicro(segment.microPerGpuHour ?? 0n, currency as Currency),
      qty: segment.qty,
      exact_minor: segment.exactMinor,
      allocation_id: segment.allocationId ?? null,
      band: segment.band ?? null,
    })),
    block_count: line.blockCount,
    blocks_digest: line.blocksDigest,
  };
}

/** A company as it stands on a paper. */
export function partyAnswer(found: InvoiceView['seller']): z.input<typeof party> {
  return { name: found.name, address: found.address, tax_id: found.taxId };
}

/** An invoice with its lines as the API shows it. */
export function invoiceAnswer(found: InvoiceView): z.input<typeof invoice> {
  const { currency } = found;
  return {
    ...summaryAnswer(found),
    from_s: found.fromS,
    to_s: found.toS,
    subtotal: minorMoney(found.subtotalMinor, currency),
    promotional: minorMoney(found.promoMinor, currency),
    tax: minorMoney(found.taxMinor, currency),
    tax_rate_ppm: found.taxRatePpm,
    paid: minorMoney(found.paidMinor, currency),
    credited: minorMoney(found.creditedMinor, currency),
    seller: partyAnswer(found.seller),
    buyer: partyAnswer(found.buyer),
    digest: found.digest,
    engine_version: found.engineVersion,
    lines: found.lines.map((line) => lineAnswer(line, currency)),
  };
}

import { type Currency, formatDecimal } from '@suanxiang/domain/money';
import type { InvoiceView } from '../invoices/view';
import { type Cell, csvText } from './csv';

const HEAD = [
  'invoice',
  'line',
  'kind',
  'description',
  'project_id',
  'workload_id',
  'allocation_id',
  'sku',
  'accelerators',
  'from',
  'to',
  'billed_seconds',
  'measured_seconds',
  'undelivered_seconds',
  'minimum_seconds',
  'quantity_gpu_ppm_s',
  'exact_minor',
  'amount',
  'currency',
  'blocks',
  'blocks_digest',
];

const time = (unixS: number) => new Date(unixS * 1000).toISOString();

/** The lines of an invoice as CSV; their amounts add up to its subtotal. */
export function invoiceLinesCsv(invoice: InvoiceView, locale: 'en' | 'zh-CN'): string {
  const currency = invoice.currency as Currency;
  const rows = invoice.lines.map((line): Cell[] => [
    invoice.number ?? invoice.id,
    line.key,
    line.kind,
    locale === 'zh-CN' ? line.description.zh : line.description.en,
    line.projectId,
    line.workloadId,
    line.allocationId,
    line.sku,
    line.gpus,
    time(line.fromS),
    time(line.toS),
    line.billedSeconds,
    line.measuredSeconds,
    line.undeliveredSeconds,
    line.minimumSeconds,
    line.qty,
    line.exactMinor,
    { exact: formatDecimal(line.amountMinor, currency) },
    currency,
    line.blockCount,
    line.blocksDigest,
  ]);
  return csvText(HEAD, rows);
}

import { type Currency, formatDecimal, formatMicro } from '@suanxiang/domain/money';
import { parseFraction } from '@suanxiang/domain/rational';
import type { InvoiceLine, InvoiceView } from '../invoices/view';
import { type Cell, csvText } from './csv';

/** Columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification) that are filled here, in its order of names. */
const HEAD = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'RegionId',
  'ResourceId',
  'ServiceCategory',
  'ServiceName',
  'SkuId',
  'SubAccountId',
] as const;

type Row = Partial<Record<(typeof HEAD)[number], Cell>>;

const PROVIDER = 'Suanxiang Cloud';
const PPM_SECONDS_PER_HOUR = 3_600_000_000n;
const QUANTITY_DIGITS = 9n;

const time = (unixS: number) => new Date(unixS * 1000).toISOString().replace('.000Z', 'Z');

/** GPU-hours of a quantity as a decimal of nine digits, cut off. */
function gpuHours(qty: string): string {
  const { num, den } = parseFraction(qty);
  const scale = 10n ** QUANTITY_DIGITS;
  const scaled = (num * scale) / (den * PPM_SECONDS_PER_HOUR);
  return `${scaled / scale}.${(scaled % scale).toString().padStart(Number(QUANTITY_DIGITS), '0')}`;
}

/** The price of a line's hour where it has one all along. */
function onePrice(line: InvoiceLine, currency: Currency): Cell {
  const prices = new Set(line.segments.map((segment) => segment.microPerGpuHour));
  const [only] = prices;
  return prices.size === 1 && only != null ? { exact: formatMicro(only, currency) } : null;
}

/** How FOCUS sorts a line: what it is, whether it corrects an earlier period, and whether it counts hours. */
const CHARGES = {
  usage: { category: 'Usage', class: null, frequency: 'Usage-Based', consumes: true, priced: true },
  tiered: { category: 'Usage', class: null, frequency: 'Usage-Based', consumes: true, priced: true },
  commitment: { category: 'Purchase', class: null, frequency: 'Recurring', consumes: false, priced: false },
  adjustment: { category: 'Adjustment', class: 'Correction', frequency: 'Usage-Based', consumes: false, priced: true },
} as const satisfies Record<InvoiceLine['kind'], object>;

function lineRow(line: InvoiceLine, currency: Currency): Row {
  const cost: Cell = { exact: formatDecimal(line.amountMinor, currency) };
  const hours: Cell = { exact: gpuHours(line.qty) };
  const charge = CHARGES[line.kind];
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    ChargeCategory: charge.category,
    ChargeClass: charge.class,
    ChargeDescription: line.description.en,
    ChargeFrequency: charge.frequency,
    ChargePeriodStart: time(line.fromS),
    ChargePeriodEnd: time(line.toS),
    ConsumedQuantity: charge.consumes ? hours : null,
    ConsumedUnit: charge.consumes ? 'GPU-Hours' : null,
    PricingQuantity: charge.priced ? hours : null,
    PricingUnit: charge.priced ? 'GPU-Hours' : null,
    PricingCategory: 'Standard',
    ListUnitPrice: onePrice(line, currency),
    RegionId: line.sku?.split('.').at(-1) ?? null,
    ResourceId: line.workloadId,
    ServiceCategory: 'Compute',
    ServiceName: 'Accelerated compute',
    SkuId: line.sku,
    SubAccountId: line.projectId,
  };
}

/** A charge of the whole invoice: tax, or credit that was burnt on it. */
function wholeRow(invoice: InvoiceView, category: 'Tax' | 'Credit', minor: bigint, description: string): Row {
  const cost: Cell = { exact: formatDecimal(minor, invoice.currency as Currency) };
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    ChargeCategory: category,
    ChargeDescription: description,
    ChargeFrequency: 'Recurring',
    ChargePeriodStart: time(invoice.fromS),
    ChargePeriodEnd: time(invoice.toS),
    ServiceCategory: 'Other',
    ServiceName: PROVIDER,
  };
}

/**
 * An invoice as FOCUS rows in CSV: one a line, and one each for tax and credit where there are any. BilledCost adds up to the
 * invoice's total (for prices that hold the tax, the tax is part of the lines).
 */
export function focusCsv(invoice: InvoiceView, account: { id: string; name: string }): string {
  const currency = invoice.currency as Currency;
  const isInclusive = invoice.totalMinor === invoice.subtotalMinor - invoice.promoMinor;
  const rows: Row[] = invoice.lines.map((line) => lineRow(line, currency));
  if (invoice.promoMinor > 0n) rows.push(wholeRow(invoice, 'Credit', -invoice.promoMinor, 'Promotional credit'));
  if (invoice.taxMinor > 0n && !isInclusive) rows.push(wholeRow(invoice, 'Tax', invoice.taxMinor, 'Tax'));
  const common: Row = {
    BillingAccountId: account.id,
    BillingAccountName: account.name,
    BillingCurrency: currency,
    BillingPeriodStart: time(invoice.fromS),
    BillingPeriodEnd: time(invoice.toS),
    InvoiceId: invoice.number ?? invoice.id,
    InvoiceIssuerName: invoice.seller.name,
    ProviderName: PROVIDER,
    PublisherName: PROVIDER,
  };
  return csvText(
    HEAD,
    rows.map((row) => HEAD.map((name) => ({ ...common, ...row })[name] ?? null)),
  );
}

import { CURRENCIES, CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { focusCsv } from '@suanxiang/metering/exports/focus';
import { invoicePdf } from '@suanxiang/metering/invoices/pdf';
import { moneyText } from '@suanxiang/metering/invoices/print/format';
import type { InvoiceView } from '@suanxiang/metering/invoices/view';
import { describe, expect, test } from 'vitest';
import { pdfPages } from './support/pdf-text';
import { sampleInvoice } from './support/sample-invoice';

type Row = Record<string, string>;

/** Reads CSV by its rules alone; an empty cell is null in FOCUS. */
function rowsOf(csv: string): Row[] {
  const lines = csv.split('\r\n').filter(Boolean);
  const cells = (line: string) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map((match) =>
      (match[1] ?? match[2]!).replaceAll('""', '"'),
    );
  const head = cells(lines[0]!);
  return lines.slice(1).map((line) => Object.fromEntries(cells(line).map((cell, index) => [head[index]!, cell])));
}

const NOT_NULL = [
  ...['BilledCost', 'BillingAccountId', 'BillingCurrency', 'BillingPeriodEnd', 'BillingPeriodStart', 'ChargeCategory'],
  ...['ChargePeriodEnd', 'ChargePeriodStart', 'ContractedCost', 'EffectiveCost', 'InvoiceIssuerName', 'ListCost'],
  ...['ProviderName', 'PublisherName', 'ServiceCategory', 'ServiceName'],
];
const DECIMAL = /^-?\d+(\.\d+)?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ALLOWED: Record<string, readonly string[]> = {
  ChargeCategory: ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'],
  ChargeClass: ['', 'Correction'],
  ChargeFrequency: ['', 'One-Time', 'Recurring', 'Usage-Based'],
  PricingCategory: ['', 'Standard', 'Dynamic', 'Committed', 'Other'],
  BillingCurrency: [...CURRENCIES],
  ServiceCategory: [
    'Compute',
    'Storage',
    'Networking',
    'AI and Machine Learning',
    'Management and Governance',
    'Other',
  ],
};

const TIERED = 'All hours of H100, by tiers';
const COMMITMENT = 'Shortfall of the commitment';

/** The rules of the columns (FOCUS 1.2) that a row breaks. */
function broken(row: Row): string[] {
  const faults: string[] = [];
  const must = (holds: boolean, rule: string) => holds || faults.push(rule);
  for (const name of NOT_NULL) must(row[name] !== '', `${name} must not be null`);
  for (const [name, values] of Object.entries(ALLOWED)) must(values.includes(row[name]!), `${name}: ${row[name]}`);
  for (const name of Object.keys(row).filter((one) => /Cost$|Quantity$|UnitPrice$/.test(one))) {
    must(row[name] === '' || DECIMAL.test(row[name]!), `${name} is no decimal: ${row[name]}`);
  }
  for (const name of Object.keys(row).filter((one) => /Period(Start|End)$/.test(one))) {
    must(INSTANT.test(row[name]!), `${name} is no UTC instant: ${row[name]}`);
  }
  must(row.ChargePeriodStart! < row.ChargePeriodEnd!, 'the charge period is half open and not empty');
  must(row.BillingPeriodStart! < row.BillingPeriodEnd!, 'the billing period is half open and not empty');
  const isCorrection = row.ChargeClass === 'Correction';
  const isUsage = row.ChargeCategory === 'Usage';
  if (row.ChargeCategory === 'Tax') {
    for (const name of ['PricingQuantity', 'PricingCategory', 'ListUnitPrice', 'SkuId', 'ConsumedQuantity']) {
      must(row[name] === '', `${name} must be null for tax`);
    }
  }
  if (isUsage && !isCorrection) {
    // Tiers count the hours of many resources; every other line of usage is of one.
    const ofOne = row.ChargeDescription === TIERED ? [] : ['ResourceId'];
    for (const name of ['PricingQuantity', 'PricingCategory', 'ConsumedQuantity', 'SkuId', ...ofOne]) {
      must(row[name] !== '', `${name} must not be null for usage`);
    }
    must(row.ChargeFrequency !== 'One-Time', 'usage is not charged once');
  }
  if (!isUsage || isCorrection) must(row.ConsumedQuantity === '', 'only usage is consumed');
  must((row.PricingQuantity === '') === (row.PricingUnit === ''), 'PricingUnit goes with PricingQuantity');
  must((row.ConsumedQuantity === '') === (row.ConsumedUnit === ''), 'ConsumedUnit goes with ConsumedQuantity');
  if (row.ListUnitPrice !== '' && row.PricingQuantity !== '') {
    const half = 0.5 / 10 ** CURRENCY_EXPONENTS[row.BillingCurrency as Currency];
    const difference = Math.abs(Number(row.ListUnitPrice) * Number(row.PricingQuantity) - Number(row.ListCost));
    must(difference <= half + 1e-6, `ListCost is not quantity x price: ${difference}`);
  }
  return faults;
}

const taxed = (currency: Currency, change: Partial<InvoiceView> = {}): InvoiceView => {
  const invoice = sampleInvoice(currency, 6);
  const [first, ...rest] = invoice.lines;
  const adjustment = { ...first!, key: 'adjustment:x', kind: 'adjustment' as const, correctsInvoiceId: 'inv_x' };
  const ofMany = { gpus: 0, allocationId: null, workloadId: null, projectId: null };
  const described = (en: string) => ({ en, zh: en });
  const tiered = { ...first!, ...ofMany, key: 'tiered:x', kind: 'tiered' as const, description: described(TIERED) };
  const nothing = { sku: null, segments: [], qty: '0', billedSeconds: 0, measuredSeconds: 0, blockCount: 0 };
  const commitment = {
    ...{ ...tiered, ...nothing, key: 'commitment', kind: 'commitment' as const },
    description: described(COMMITMENT),
  };
  const further = [tiered, commitment, adjustment];
  const subtotalMinor = further.reduce((sum, line) => sum + line.amountMinor, invoice.subtotalMinor);
  const taxMinor = (subtotalMinor - 100n) / 10n;
  const totalMinor = subtotalMinor - 100n + taxMinor;
  const lines = [first!, ...rest, ...further];
  return { ...invoice, lines, subtotalMinor, promoMinor: 100n, taxRatePpm: 100_000, taxMinor, totalMinor, ...change };
};

describe.each(CURRENCIES)('an invoice in %s', (currency) => {
  const digits = CURRENCY_EXPONENTS[currency];

  test('exports rows that keep the rules of every FOCUS column and add up to the total', () => {
    const invoice = taxed(currency);
    const rows = rowsOf(focusCsv(invoice, { id: 'org_1', name: 'Northwind, "Robotics"' }));
    expect(rows).toHaveLength(invoice.lines.length + 2);
    expect(rows.flatMap((row, index) => broken(row).map((fault) => `row ${index}: ${fault}`))).toEqual([]);
    const kindOf = (text: string) => {
      const { ChargeCategory, ChargeClass, ConsumedUnit } = rows.find((row) => row.ChargeDescription === text)!;
      return [ChargeCategory, ChargeClass, ConsumedUnit];
    };
    expect([kindOf(TIERED), kindOf(COMMITMENT)]).toEqual([
      ['Usage', '', 'GPU-Hours'],
      ['Purchase', '', ''],
    ]);
    const minor = (text: string) => BigInt(text.replace('.', ''));
    expect(rows.every((row) => (row.BilledCost!.split('.')[1] ?? '').length === digits)).toBe(true);
    expect(rows.reduce((sum, row) => sum + minor(row.BilledCost!), 0n)).toBe(invoice.totalMinor);
  });

  test.each(['en', 'zh-CN'] as const)('is printed with as many decimals as the currency has (%s)', async (locale) => {
    const invoice = taxed(currency, { dueMinor: 1_234_567n, paidMinor: 0n });
    const text = (await invoicePdf(invoice, locale).then(pdfPages)).join('').replace(/\s+/g, '');
    for (const amount of [invoice.totalMinor, invoice.taxMinor, invoice.dueMinor]) {
      expect(text).toContain(moneyText(amount, currency).replace(/\s+/g, ''));
    }
    const [, decimals = ''] = /1,?234,?567|1,234\.567|12,345\.67/.exec(text)![0].split('.');
    expect(decimals).toHaveLength(digits);
  });
});

test('a row that breaks a rule is found', () => {
  const [row] = rowsOf(focusCsv(taxed('JPY'), { id: 'org_1', name: 'x' }));
  expect(broken({ ...row!, ChargeCategory: 'usage' })).toContain('ChargeCategory: usage');
  expect(broken({ ...row!, ListCost: '1' }).join()).toContain('quantity x price');
  expect(broken({ ...row!, ChargePeriodEnd: '2026-10-01' }).join()).toContain('no UTC instant');
});

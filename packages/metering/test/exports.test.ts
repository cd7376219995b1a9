import { csvText } from '@suanxiang/metering/exports/csv';
import { focusCsv } from '@suanxiang/metering/exports/focus';
import { invoiceLinesCsv } from '@suanxiang/metering/exports/invoice-lines';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleInvoice } from './support/sample-invoice';

/** A reader of CSV by its rules alone. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = /("((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g;
  for (const match of text.matchAll(cells)) {
    row.push(match[2] === undefined ? match[3]! : match[2].replaceAll('""', '"'));
    if (match[4] === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const column = (rows: string[][], name: string) => rows.slice(1).map((row) => row[rows[0]!.indexOf(name)]!);
const cents = (texts: string[]) => texts.reduce((sum, text) => sum + Math.round(Number(text) * 100), 0);

describe('csv', () => {
  test('gives back any text, and none that a spreadsheet would run', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 }), (cells) => {
        const [, read] = parse(
          csvText(
            cells.map((_, i) => `c${i}`),
            [cells],
          ),
        );
        const expected = cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell));
        expect(read).toEqual(expected);
      }),
    );
  });

  test('writes numbers and exact amounts as they are, negative ones too', () => {
    expect(csvText(['a', 'b', 'c'], [[-5, { exact: '-1.20' }, null]])).toBe('a,b,c\r\n-5,-1.20,\r\n');
  });
});

const invoice = sampleInvoice('USD', 5);

test('the lines of an invoice add up to its subtotal', () => {
  const rows = parse(invoiceLinesCsv(invoice, 'en'));
  expect(rows).toHaveLength(invoice.lines.length + 1);
  expect(BigInt(cents(column(rows, 'amount')))).toBe(invoice.subtotalMinor);
  expect(column(rows, 'blocks_digest')).toEqual(invoice.lines.map((line) => line.blocksDigest));
});

test('FOCUS rows add up to the total, with tax and credit as charges of their own', () => {
  const taxed = { ...invoice, promoMinor: 150n, taxMinor: 42n, totalMinor: invoice.subtotalMinor - 150n + 42n };
  const rows = parse(focusCsv(taxed, { id: 'org_1', name: '=Evil, Inc.' }));
  expect(BigInt(cents(column(rows, 'BilledCost')))).toBe(taxed.totalMinor);
  expect(column(rows, 'ChargeCategory').slice(-2)).toEqual(['Credit', 'Tax']);
  expect(new Set(column(rows, 'BillingAccountName'))).toEqual(new Set(["'=Evil, Inc."]));
  expect(new Set(column(rows, 'BillingCurrency'))).toEqual(new Set(['USD']));
});

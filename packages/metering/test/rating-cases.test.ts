import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exactJson } from '@suanxiang/metering/rating/case-json';
import { readRatingCase } from '@suanxiang/metering/rating/from-cases';
import { rateCase } from '@suanxiang/metering/rating/rate-case';
import { afterAll, describe, expect, test } from 'vitest';
import { secondRating } from './support/second-invoices';

// Reference cases are handed over beside a checkout, not inside it; without them this file has nothing to check.
const file = fileURLToPath(new URL('../../../../shared/data/billing/cases.json', import.meta.url));
const book = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { cases: [] };
// biome-ignore lint/suspicious/noExplicitAny: raw case files
const cases: any[] = book.cases.filter((item: { kind: string }) => item.kind === 'rating');
let matched = 0;
if (cases.length === 0) console.info(`no reference cases at ${file}: their tests are skipped`);

function leasedSeconds(item: { allocations: { start: string; end: string }[] }): number {
  return item.allocations.reduce((sum, { start, end }) => sum + (Date.parse(end) - Date.parse(start)) / 1000, 0);
}

describe.skipIf(cases.length === 0)('reference cases', () => {
  test.each(cases.map((item) => [item.id, item.title, item]))('%s %s', (_id, _title, item) => {
    const result = JSON.parse(exactJson(rateCase(readRatingCase(item, book.defaults))));
    expect(result).toStrictEqual(item.expect);
    matched += 1;
  });

  // Going second by second through a month takes seconds; property tests cover what those cases show.
  const short = cases.filter((item) => leasedSeconds(item) < 100_000);
  test.each(short.map((item) => [item.id, item]))('the second rater agrees on %s', (_id, item) => {
    expect(secondRating({ ...item, config: { ...book.defaults, ...item.config } })).toStrictEqual(item.expect);
  });

  afterAll(() => console.info(`${matched} of ${cases.length} rating cases match exactly`));
});

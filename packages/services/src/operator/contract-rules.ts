import { monthAt, monthBounds } from '@suanxiang/domain/calendar';
import { parseMicro } from '@suanxiang/domain/money';
import type { BilledOrg } from '@suanxiang/metering/periods';
import type { ContractPrice } from '@suanxiang/metering/rating/contract';
import { type FieldError, unusable } from '../problem';
import type { EntryBody } from './contract-answer';

const HOUR_S = 3600n;

/** Percent with up to four decimals as parts per million. */
function ppmOf(percent: string): number {
  const [whole = '0', decimals = ''] = percent.split('.');
  return Number(whole) * 10_000 + Number(decimals.padEnd(4, '0'));
}

type Bands = Exclude<ContractPrice, { model: 'discount' }>['bands'];

function bandErrors(bands: Bands, at: string): FieldError[] {
  const errors: FieldError[] = [];
  if (bands.length === 0) errors.push({ pointer: at, code: 'empty', detail: 'Tiers have at least one band.' });
  bands.forEach((band, index) => {
    const pointer = `${at}/${index}`;
    const [before, isLast] = [bands[index - 1], index === bands.length - 1];
    if ((band.upToGpuSeconds === null) !== isLast) {
      const detail = 'The last band has no end, and every other one has.';
      errors.push({ pointer: `${pointer}/up_to_hours`, code: 'open_end', detail });
    }
    if (before?.upToGpuSeconds && band.upToGpuSeconds && band.upToGpuSeconds <= before.upToGpuSeconds) {
      errors.push({ pointer: `${pointer}/up_to_hours`, code: 'order', detail: 'Bands end one after the other.' });
    }
    if (band.microPerGpuHour <= 0n) {
      errors.push({ pointer: `${pointer}/price`, code: 'range', detail: 'A price must be above 0.' });
    }
    if (before && band.microPerGpuHour > before.microPerGpuHour) {
      const detail = 'A band never costs more than the one before it.';
      errors.push({ pointer: `${pointer}/price`, code: 'rises', detail });
    }
  });
  return errors;
}

/** The prices of a body. Throws `unprocessable` with a sentence for everything that cannot be agreed on, each at its place. */
export function readPrices(bodies: readonly EntryBody[], sold: ReadonlyMap<string, unknown>): ContractPrice[] {
  const errors: FieldError[] = [];
  const seen = new Set<string | null>();
  const prices = bodies.map(({ sku, model, discount_percent, bands }, index): ContractPrice => {
    const at = `/body/prices/${index}`;
    const wrong = (field: string, code: string, detail: string) =>
      errors.push({ pointer: `${at}/${field}`, code, detail });
    if (sku !== null && !sold.has(sku)) wrong('sku', 'unknown_sku', `Nothing is sold as ${sku}.`);
    if (seen.has(sku)) wrong('sku', 'duplicate', 'Another entry is about the same.');
    seen.add(sku);
    if (model === 'discount') {
      const discountPpm = ppmOf(discount_percent ?? '0');
      if (discountPpm === 0) wrong('discount_percent', 'range', 'A discount is more than 0 percent.');
      if (bands.length > 0) wrong('bands', 'conflict', 'A discount has no bands.');
      return { sku, model, discountPpm };
    }
    if (sku === null) wrong('sku', 'required', 'Tiers are about one SKU.');
    if (discount_percent !== null) wrong('discount_percent', 'conflict', 'Tiers have prices of their own.');
    const read = bands.map(({ up_to_hours, price }) => ({
      upToGpuSeconds: up_to_hours === null ? null : BigInt(up_to_hours) * HOUR_S,
      microPerGpuHour: parseMicro(price),
    }));
    errors.push(...bandErrors(read, `${at}/bands`));
    return { sku: sku ?? '', model, bands: read };
  });
  if (errors.length > 0) throw unusable(errors);
  return prices;
}

/** The seconds of its months. Throws `unprocessable` when the first has begun, or the last lies before it. */
export function readMonths(
  org: BilledOrg,
  fromMonth: string,
  untilMonth: string | null,
): { fromS: number; toS: number | null } {
  const errors: FieldError[] = [];
  if (fromMonth <= monthAt(org.nowS, org.timeZone)) {
    const detail = 'That month has begun. Nobody pays by terms that were agreed on later.';
    errors.push({ pointer: '/body/from_month', code: 'begun', detail });
  }
  if (untilMonth !== null && untilMonth <= fromMonth) {
    errors.push({ pointer: '/body/until_month', code: 'order', detail: 'It must come after the first month.' });
  }
  if (errors.length > 0) throw unusable(errors);
  const start = (month: string) => monthBounds(month, org.timeZone).fromS;
  return { fromS: start(fromMonth), toS: untilMonth === null ? null : start(untilMonth) };
}

import { formatFraction } from '@suanxiang/domain/rational';
import type { RatedLine } from './types';

// biome-ignore lint/suspicious/noExplicitAny: lines of a sealed document, whose digest has been checked before they are read
type Json = any;

const at = (second: number) => new Date(second * 1000).toISOString().replace('.000Z', 'Z');

/** The first stretch that is not as it was derived, in words; null when all are the same. */
function firstOtherStretch(line: Json, rated: RatedLine): string | null {
  const derived = rated.segments.map(({ fromS, toS, microPerGpuHour, qty, exact }) => {
    return { fromS, toS, price: String(microPerGpuHour), qty: formatFraction(qty), exact: formatFraction(exact) };
  });
  const stated = line.segments.map(({ fromS, toS, microPerGpuHour, qty, exactMinor }: Json) => {
    return { fromS, toS, price: String(microPerGpuHour), qty, exact: exactMinor };
  });
  const text = (one: (typeof derived)[number] | undefined) =>
    one ? `${at(one.fromS)} to ${at(one.toS)}, price ${one.price}, quantity ${one.qty}, ${one.exact}` : 'nothing';
  for (let index = 0; index < Math.max(derived.length, stated.length); index += 1) {
    const [said, found] = [text(stated[index]), text(derived[index])];
    if (said !== found) return `stretch ${index + 1}: ${said} stated, ${found} derived`;
  }
  return null;
}

/** In what a line of the document differs from the line as it was derived; the amounts are the caller's, who knows the sign. */
export function differencesOf(line: Json, rated: RatedLine, expected: { exact: string; amount: string }): string[] {
  const facts: [name: string, stated: unknown, derived: unknown][] = [
    ['quantity', line.qty, formatFraction(rated.qty)],
    ['exact amount', line.exactMinor, expected.exact],
    ['amount', line.amountMinor, expected.amount],
    ['billed seconds', line.billedSeconds, rated.billedSeconds],
    ['undelivered seconds', line.undeliveredSeconds, rated.undeliveredSeconds],
    ['minimum seconds', line.minimumSeconds, rated.minimumSeconds],
  ];
  const found = facts
    .filter(([, stated, derived]) => stated !== derived)
    .map(([name, stated, derived]) => `${name}: ${stated} stated, ${derived} derived`);
  const stretch = firstOtherStretch(line, rated);
  return stretch ? [...found, stretch] : found;
}

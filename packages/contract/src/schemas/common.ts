import { type IdKind, idPattern } from '@suanxiang/domain/ids';
import { z } from 'zod';

/** Schema of an id of one kind. */
export function idOf(kind: IdKind) {
  return z.string().regex(new RegExp(idPattern(kind)), `must be an id like ${idPattern(kind).slice(1, 6)}...`);
}

/** A name people choose: 1 to 63 characters, letters of any script, digits, space, `-`, `_`, `.`; no control characters. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(63)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._()+'&-]*$/u,
    'letters, digits, spaces and . _ - ( ) only, starting with a letter or digit',
  );

/** A machine name: lower-case letters, digits and `-`, 1 to 63 characters. */
export const machineName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'lower-case letters, digits and -, 1 to 63 characters, not starting or ending with -',
  );

export const timestamp = z.iso.datetime().describe('RFC 3339, UTC');
/** Seconds since 1970 in billing time. */
export const epochSeconds = z.number().int();
/** Exact decimal, for example "12.34". */
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
export const currency = z.enum(['CNY', 'USD', 'EUR', 'JPY', 'KWD']);
export const bilingual = z.object({ en: z.string(), zh: z.string() }).meta({ id: 'Bilingual' });
export const statusReason = z.object({ code: z.string(), en: z.string(), zh: z.string() }).meta({ id: 'StatusReason' });
/** An amount of money: exact decimal in the major unit and its currency. */
export const money = z.object({ amount: decimal, currency }).meta({ id: 'Money' });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Items per page, 1 to 100'),
  cursor: z.string().max(1000).optional().describe('next_cursor of the page before'),
};

/** Counting stops here: a client that needs more than "a great many" needs a report, not a list. */
export const MOST_COUNTED = 10_000;

/** Query of a list that can be counted. */
export const countedPageQuery = {
  ...pageQuery,
  include: z
    .enum(['total_count'])
    .optional()
    .describe(`total_count: count the items of all pages, up to ${MOST_COUNTED}`),
};

/** A page of a list. */
export function page<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** A page of a list that can be counted. */
export function countedPage<S extends z.ZodType>(item: S) {
  return page(item).extend({
    total_count: z.number().int().min(0).max(MOST_COUNTED).optional().describe('Only with include=total_count'),
    total_count_capped: z.boolean().optional().describe('True when there are more than total_count says'),
  });
}

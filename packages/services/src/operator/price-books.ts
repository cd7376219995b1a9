import type { createPriceBookBody } from '@suanxiang/contract/schemas/price-books';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { parseTimestamp } from '@suanxiang/domain/calendar';
import { mintId } from '@suanxiang/domain/ids';
import { parseMicro } from '@suanxiang/domain/money';
import { previewPrices } from '@suanxiang/metering/prices/preview';
import {
  type BookPrice,
  bookPrices,
  type PriceBook,
  publishBook,
  readPriceBooks,
  replaceBookPrices,
} from '@suanxiang/metering/prices/price-books';
import type { z } from 'zod';
import { invalid, unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';
import { bookAnswer, pricesAnswer, requireBook, summaryAnswer } from './price-book-answer';
import { checkPrices } from './price-book-rules';
import { effectAnswer, previewedMonth, skuEffect } from './price-effect';
import { soldSkus } from './sold-skus';
import { requireDraft, requireSecondOperator } from './two-operators';

type Answer = AnswerOf<'operatorPriceBook'>;
type EntryBody = z.output<typeof createPriceBookBody>['prices'][number];

const MOST = 200;
const secondsOf = (nowMs: number) => Math.floor(nowMs / 1000);

/** Every price in force. */
export const operatorPrices: UseCase<'operatorPrices'> = async (ctx, _operator, meta) => ({
  items: await pricesAnswer(singleSql(ctx.ops), secondsOf(meta.nowMs)),
});

/** Books, newest first. */
export const operatorPriceBooks: UseCase<'operatorPriceBooks'> = async (ctx) => ({
  items: (await readPriceBooks(singleSql(ctx.ops), { id: null, most: MOST })).map(summaryAnswer),
});

/** One book, beside the prices that it changes. */
export const operatorPriceBook: UseCase<'operatorPriceBook'> = async (ctx, _operator, meta, { params }) => {
  const sql = singleSql(ctx.ops);
  return bookAnswer(sql, await requireBook(sql, params.price_book_id), secondsOf(meta.nowMs));
};

const toPrice = ({ sku, currency, price, min_seconds, from }: EntryBody): BookPrice => ({
  sku,
  currency,
  microPerGpuHour: parseMicro(price),
  minSeconds: min_seconds,
  fromS: from === null ? null : parseTimestamp(from),
});

async function writePrices(sql: Sql, bookId: string, bodies: readonly EntryBody[], nowS: number): Promise<void> {
  const prices = bodies.map(toPrice);
  checkPrices(prices, await soldSkus(sql), nowS);
  await replaceBookPrices(sql, bookId, prices);
}

/** Drafts a book. */
export const operatorCreatePriceBook: UseCase<'operatorCreatePriceBook'> = (ctx, operator, meta, { body }) =>
  mutateAsOperator<Answer>(ctx, operator, meta, 'price_book.create', async (sql) => {
    const nowS = secondsOf(meta.nowMs);
    const id = mintId('priceBook', meta.nowMs);
    await sql`
      INSERT INTO price_book (id, name, note, created_by) VALUES (${id}, ${body.name}, ${body.note}, ${operator.actor})`;
    await writePrices(sql, id, body.prices, nowS);
    const answer = await bookAnswer(sql, await requireBook(sql, id), nowS);
    return { answer, resource: id, detail: { name: body.name, prices: body.prices.length } };
  });

/** Takes a book that may still change, for this transaction. Throws `conflict` for one that may not. */
async function lockOpen(sql: Sql, id: string): Promise<PriceBook> {
  await sql`SELECT id FROM price_book WHERE id = ${id} FOR UPDATE`;
  const book = await requireBook(sql, id);
  requireDraft(book, `This price book is ${book.status} and does not change any more.`, 'Draft another one.');
  return book;
}

/** Changes a draft. An agreement was to what it said before, so it lapses. */
export const operatorUpdatePriceBook: UseCase<'operatorUpdatePriceBook'> = (ctx, operator, meta, { params, body }) => {
  if (Object.keys(body).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  return mutateAsOperator<Answer>(ctx, operator, meta, 'price_book.update', async (sql) => {
    const nowS = secondsOf(meta.nowMs);
    const { id } = await lockOpen(sql, params.price_book_id);
    await sql`
      UPDATE price_book SET name = coalesce(${body.name ?? null}, name), note = coalesce(${body.note ?? null}, note),
        status = 'draft', first_approved_by = NULL, first_approved_at = NULL, updated_at = now() WHERE id = ${id}`;
    if (body.prices) await writePrices(sql, id, body.prices, nowS);
    const answer = await bookAnswer(sql, await requireBook(sql, id), nowS);
    return { answer, resource: id, detail: { name: answer.name, prices: answer.price_count } };
  });
};

/** Discards a draft; it stays in the list. */
export const operatorDiscardPriceBook: UseCase<'operatorDiscardPriceBook'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<undefined>(ctx, operator, meta, 'price_book.discard', async (sql) => {
    const { id, name } = await lockOpen(sql, params.price_book_id);
    await sql`UPDATE price_book SET status = 'discarded', updated_at = now() WHERE id = ${id}`;
    return { answer: undefined, resource: id, detail: { name } };
  });

/** The first operator agrees, another one publishes. Nothing that was used before then costs anything else. */
export const operatorApprovePriceBook: UseCase<'operatorApprovePriceBook'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<Answer>(ctx, operator, meta, 'price_book.approve', async (sql) => {
    const nowS = secondsOf(meta.nowMs);
    const book = await lockOpen(sql, params.price_book_id);
    const { id } = book;
    if (book.prices === 0) {
      throw unusable([{ pointer: '/path/price_book_id', code: 'empty', detail: 'The book holds no price.' }]);
    }
    checkPrices(await bookPrices(sql, id), await soldSkus(sql), nowS);
    const detail = { name: book.name, prices: book.prices };
    const answer = async () => bookAnswer(sql, await requireBook(sql, id), nowS);
    if (book.status === 'draft') {
      await sql`
        UPDATE price_book SET status = 'awaiting_second', first_approved_by = ${operator.actor}, first_approved_at = now(),
          updated_at = now() WHERE id = ${id}`;
      return { answer: await answer(), resource: id, detail: { ...detail, awaits: 'second_operator' } };
    }
    const takesTwo = 'Publishing prices takes two operators, and you were the first.';
    requireSecondOperator(book.firstApprovedBy, operator.actor, takesTwo);
    const version = await publishBook(sql, { id, publishedBy: operator.actor }, nowS);
    return { answer: await answer(), resource: id, detail: { ...detail, version } };
  });

/** Organisations that are named in each currency. */
const MOST_AFFECTED = 20;

/** What a month's real usage would have cost at a book's prices. */
export const operatorPreviewPriceBook: UseCase<'operatorPreviewPriceBook'> = async (
  ctx,
  _operator,
  meta,
  { params, query },
) => {
  const sql = singleSql(ctx.ops);
  const nowS = secondsOf(meta.nowMs);
  const month = previewedMonth(query.month, nowS, 'UTC');
  const { id } = await requireBook(sql, params.price_book_id);
  const found = await previewPrices(sql, await bookPrices(sql, id), month, nowS);
  const most = found.byCurrency.flatMap(({ currency }) =>
    found.affected.filter((one) => one.currency === currency).slice(0, MOST_AFFECTED),
  );
  return {
    month,
    organizations: found.organizations,
    organizations_affected: found.affected.length,
    by_currency: found.byCurrency.map(effectAnswer),
    by_sku: found.bySku.map(skuEffect),
    most_affected: most.map((one) => ({ org_id: one.orgId, organization_name: one.name, ...effectAnswer(one) })),
  };
};

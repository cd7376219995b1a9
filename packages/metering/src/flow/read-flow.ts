import { type Currency, isCurrency } from '@suanxiang/domain/money';
import { CaseError, JsonObject } from '../rating/case-json';
import type { TaxRule } from '../rating/tax';

/** One posting to an account; debit positive. */
export interface FlowEntry {
  account: string;
  minor: bigint;
}

/** An amount before tax, of an invoice or a credit note. */
export interface FlowAmount {
  netMinor: bigint;
}

export type FlowOp =
  | {
      op: 'payment';
      status: 'succeeded' | 'failed' | 'processing' | 'canceled';
      event: string;
      payment: string;
      minor: bigint;
    }
  | { op: 'debit'; key: string; minor: bigint }
  | { op: 'post'; key: string; entries: FlowEntry[] }
  | { op: 'finalize'; invoice: string; netMinor: bigint; tax: TaxRule }
  | { op: 'pay_from_wallet'; invoice: string; minor: bigint }
  | { op: 'void'; invoice: string }
  | { op: 'credit_note'; invoice: string; key: string | null; netMinor: bigint };

/** An operation and, where the case says it, when it happens (Unix seconds). */
export type TimedOp = FlowOp & { atS: number | null };

/** A case of kind `flow`: a start and operations in their order. */
export interface FlowCase {
  id: string;
  currency: Currency;
  walletMinor: bigint;
  nextNumber: number | null;
  autoTopUp: { thresholdMinor: bigint; amountMinor: bigint; coolOffS: number; dailyMaxMinor: bigint | null } | null;
  ops: TimedOp[];
}

const NO_TAX: TaxRule = { mode: 'exclusive', ratePpm: 0n };

/** The first of several names that a field goes by, or null. */
function firstOf(object: JsonObject, keys: readonly string[]): string | null {
  return keys.find((key) => object.has(key)) ?? null;
}

function amountOf(object: JsonObject, keys: readonly string[]): bigint | null {
  const key = firstOf(object, keys);
  return key === null ? null : object.count(key);
}

/** Tax as `tax: {mode, rate_ppm}` or a bare `tax_rate_ppm` or `rate_ppm` (exclusive), on the nearest layer that has one. */
function taxOfLayers(layers: readonly JsonObject[]): TaxRule {
  for (const layer of layers) {
    if (layer.has('tax')) {
      const tax = layer.object('tax');
      const mode = tax.has('mode') ? tax.oneOf('mode', ['exclusive', 'inclusive']) : 'exclusive';
      return { mode, ratePpm: tax.count('rate_ppm') };
    }
    const rate = amountOf(layer, ['tax_rate_ppm', 'rate_ppm']);
    if (rate !== null) return { mode: 'exclusive', ratePpm: rate };
  }
  return NO_TAX;
}

function readEntries(op: JsonObject): FlowEntry[] {
  if (op.has('entries')) {
    return op.objects('entries').map((entry) => {
      const debit = amountOf(entry, ['debit_minor', 'debit']);
      const credit = amountOf(entry, ['credit_minor', 'credit']);
      const minor = debit === null && credit === null ? entry.signed('minor') : (debit ?? 0n) - (credit ?? 0n);
      return { account: entry.text('account'), minor };
    });
  }
  const minor = op.count('minor');
  const debit = op.has('debit') ? op.text('debit') : 'receivable';
  const credit = op.has('credit') ? op.text('credit') : 'revenue';
  return [
    { account: debit, minor },
    { account: credit, minor: -minor },
  ];
}

/**
 * The net amount of an invoice: stated on the operation or at the start; otherwise what the case pays on it at most, because a
 * case that names no amount means the one that is paid.
 */
function netOf(op: JsonObject, start: JsonObject, ops: readonly JsonObject[]): bigint {
  const invoice = op.text('invoice');
  const own =
    start.has('invoices') && start.object('invoices').has(invoice) ? [start.object('invoices').object(invoice)] : [];
  for (const layer of [op, ...own]) {
    const stated = amountOf(layer, ['net_minor', 'subtotal_minor', 'minor', 'total_minor']);
    if (stated !== null) return stated;
  }
  const paid = ops
    .filter((other) => other.raw('op') === 'pay_from_wallet' && other.raw('invoice') === invoice)
    .map((other) => other.count('minor'))
    .sort((a, b) => (a < b ? -1 : 1));
  return paid.at(-1) ?? 0n;
}

const PAYMENT_OPS = {
  payment_succeeded: 'succeeded',
  payment_failed: 'failed',
  payment_processing: 'processing',
  payment_canceled: 'canceled',
} as const;
const OPS = [...Object.keys(PAYMENT_OPS), 'debit', 'post', 'finalize', 'pay_from_wallet', 'void', 'credit_note'];

function readOp(op: JsonObject, start: JsonObject, ops: readonly JsonObject[]): FlowOp {
  const kind = op.oneOf('op', OPS);
  switch (kind) {
    case 'debit':
      return { op: kind, key: op.text('key'), minor: op.count('minor') };
    case 'post':
      return { op: kind, key: op.text('key'), entries: readEntries(op) };
    case 'finalize':
      return { op: kind, invoice: op.text('invoice'), netMinor: netOf(op, start, ops), tax: taxOfLayers([op, start]) };
    case 'pay_from_wallet':
      return { op: kind, invoice: op.text('invoice'), minor: op.count('minor') };
    case 'void':
      return { op: kind, invoice: op.text('invoice') };
    case 'credit_note': {
      const name = firstOf(op, ['key', 'id', 'note', 'credit_note']);
      const netMinor = amountOf(op, ['net_minor', 'minor']) ?? op.fail('net_minor', 'an amount');
      return { op: kind, invoice: op.text('invoice'), key: name === null ? null : op.text(name), netMinor };
    }
    default: {
      const minor = op.has('minor') ? op.count('minor') : 0n;
      const event = op.has('event') ? op.text('event') : '';
      const status = PAYMENT_OPS[kind as keyof typeof PAYMENT_OPS];
      return { op: 'payment', status, event, payment: op.text('payment'), minor };
    }
  }
}

function readAutoTopUp(start: JsonObject): FlowCase['autoTopUp'] {
  const key = firstOf(start, ['auto_topup', 'auto_top_up']);
  if (key === null) return null;
  const policy = start.object(key);
  const coolOff = firstOf(policy, ['cool_off_seconds', 'cool_off_s', 'cooloff_s', 'cooldown_s']);
  return {
    thresholdMinor: policy.count('threshold_minor'),
    amountMinor: policy.count('amount_minor'),
    coolOffS: coolOff === null ? 0 : policy.integer(coolOff, 0),
    dailyMaxMinor: amountOf(policy, ['daily_max_minor', 'max_per_day_minor', 'daily_limit_minor']),
  };
}

/** Reads one case of kind `flow`. Throws CaseError with one sentence when it cannot be run. */
export function readFlowCase(value: unknown): FlowCase {
  const id = JsonObject.of(value, 'a case').text('id');
  const item = JsonObject.of(value, `case ${id}`);
  const start = item.has('start') ? item.object('start') : JsonObject.of({}, `${item.place}.start`);
  const account = item.has('account') ? item.object('account') : start;
  const currency = account.has('currency') ? account.text('currency') : 'USD';
  if (!isCurrency(currency)) throw new CaseError(`${account.place}.currency must be a known currency.`);
  const ops = item.objects('ops');
  return {
    id,
    currency,
    walletMinor: start.has('wallet_minor') ? start.signed('wallet_minor') : 0n,
    nextNumber: start.has('next_number') ? start.integer('next_number', 1) : null,
    autoTopUp: readAutoTopUp(start),
    ops: ops.map((op) => ({ ...readOp(op, start, ops), atS: op.has('at') ? op.time('at') : null })),
  };
}

/**
 * Books of one organisation that are kept beside the product's, by the rules of billing alone: no code of the product is used.
 * They are told what happened (leases, blocks and prices they get as raw costs by second) and say what each document must be.
 */
export type Exact = { num: bigint; den: bigint; bySecond: Map<number, bigint> };
/** Costs of a span by lease, with the usage that had arrived by a second. */
export type CostsOf = (fromS: number, toS: number, arrivedByS: number) => Promise<Map<string, Exact>>;

export interface BookedTax {
  inclusive: boolean;
  ratePpm: bigint;
}

export interface BookedGrant {
  amount: bigint;
  priority: number;
  effectiveS: number;
  expiresS: number;
  burnt: Map<BookedInvoice, bigint>;
}

interface BookedNote {
  net: bigint;
  tax: bigint;
  promo: bigint;
  lines: Map<string, bigint>;
}

export interface BookedInvoice {
  fromS: number;
  toS: number;
  lines: Map<string, bigint>;
  adjustments: { of: BookedInvoice; key: string; amount: bigint }[];
  subtotal: bigint;
  promo: bigint;
  tax: bigint;
  total: bigint;
  rule: BookedTax;
  paid: bigint;
  due: bigint;
  isVoid: boolean;
  notes: BookedNote[];
}

const MILLION = 1_000_000n;
const YEAR_S = 365 * 86_400;
const GRACE_S = 86_400;
const LATE_S = 35 * 86_400;

const nearest = (num: bigint, den: bigint) => (2n * num + den) / (2n * den);
const lesser = (a: bigint, b: bigint) => (a < b ? a : b);
const sum = (values: Iterable<bigint>) => [...values].reduce((a, b) => a + b, 0n);

/** [net, tax] of an amount. */
function taxed(amount: bigint, { inclusive, ratePpm }: BookedTax): [bigint, bigint] {
  if (!inclusive) return [amount, nearest(amount * ratePpm, MILLION)];
  const net = nearest(amount * MILLION, MILLION + ratePpm);
  return [net, amount - net];
}

/** One amount over costs by largest remainder, ties to the earlier. */
function shares(amount: bigint, costs: bigint[]): bigint[] {
  const whole = sum(costs);
  if (whole === 0n) return costs.map(() => 0n);
  const parts = costs.map((cost) => (cost * amount) / whole);
  const order = costs.map((cost, index) => ({ index, rest: (cost * amount) % whole }));
  order.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of order.slice(0, Number(amount - sum(parts)))) parts[index]! += 1n;
  return parts;
}

export class SeasonBooks {
  wallet = 0n;
  readonly invoices: BookedInvoice[] = [];
  readonly grants: BookedGrant[] = [];
  /** Credit that credit notes gave back as credit. */
  returned = 0n;

  constructor(private readonly costsOf: CostsOf) {}

  topUp(amount: bigint): void {
    this.wallet += amount;
    this.payDue();
  }

  refund(amount: bigint): void {
    this.wallet -= amount;
  }

  private payDue(): void {
    const open = this.invoices.filter((invoice) => !invoice.isVoid && invoice.due > 0n);
    for (const invoice of open.sort((a, b) => a.fromS - b.fromS)) {
      const amount = lesser(invoice.due, this.wallet);
      if (amount <= 0n) break;
      invoice.due -= amount;
      invoice.paid += amount;
      this.wallet -= amount;
    }
  }

  private adjustmentsOf(of: BookedInvoice, key: string | null): bigint {
    const final = this.invoices.filter((invoice) => !invoice.isVoid).flatMap((invoice) => invoice.adjustments);
    return sum(final.filter((one) => one.of === of && (key === null || one.key === key)).map((one) => one.amount));
  }

  private billed(invoice: BookedInvoice, key: string): bigint {
    const notes = sum(invoice.notes.map((note) => note.lines.get(key) ?? 0n));
    return (invoice.lines.get(key) ?? 0n) + this.adjustmentsOf(invoice, key) - notes;
  }

  /** Seconds are paid by the credit that is good for them, in its order; the period is cut wherever that changes. */
  private burn(lines: Map<string, Exact>, fromS: number, toS: number): Map<BookedGrant, bigint> {
    const edges = new Set([fromS, toS]);
    for (const { effectiveS, expiresS } of this.grants) {
      for (const edge of [effectiveS, expiresS]) if (edge > fromS && edge < toS) edges.add(edge);
    }
    const starts = [...edges].sort((a, b) => a - b);
    const parts = starts.slice(0, -1).map((start, index) => ({ start, end: starts[index + 1]!, amount: 0n }));
    for (const { num, den, bySecond } of lines.values()) {
      const costs = parts.map(() => 0n);
      for (const [second, cost] of bySecond) {
        costs[parts.findIndex(({ start, end }) => start <= second && second < end)]! += cost;
      }
      shares(nearest(num, den), costs).forEach((share, index) => {
        parts[index]!.amount += share;
      });
    }
    const order = [...this.grants].sort((a, b) => a.priority - b.priority || a.expiresS - b.expiresS);
    const left = new Map(
      order.map((grant) => {
        const used = [...grant.burnt].filter(([invoice]) => !invoice.isVoid).map(([, amount]) => amount);
        return [grant, grant.amount - sum(used)] as const;
      }),
    );
    const burnt = new Map<BookedGrant, bigint>();
    for (const part of parts) {
      for (const grant of order) {
        if (grant.effectiveS > part.start || grant.expiresS < part.end) continue;
        const taken = lesser(part.amount, left.get(grant)!);
        part.amount -= taken;
        left.set(grant, left.get(grant)! - taken);
        burnt.set(grant, (burnt.get(grant) ?? 0n) + taken);
      }
    }
    return burnt;
  }

  /** Gives back what lines of an invoice were billed too much: money first, then credit. */
  private note(invoice: BookedInvoice, lines: Map<string, bigint>, nowS: number): void {
    const amount = sum(lines.values());
    const [addedNet, addedTax] = taxed(this.adjustmentsOf(invoice, null), invoice.rule);
    const netLeft = invoice.total - invoice.tax + addedNet - sum(invoice.notes.map((note) => note.net));
    const taxLeft = invoice.tax + addedTax - sum(invoice.notes.map((note) => note.tax));
    const money = netLeft + (invoice.rule.inclusive ? taxLeft : 0n);
    const promoLeft = invoice.promo - sum(invoice.notes.map((note) => note.promo));
    const promo = amount > money ? lesser(amount - money, promoLeft) : 0n;
    let [net, tax] = taxed(amount - promo, invoice.rule);
    if (net === netLeft) tax = taxLeft;
    tax = lesser(tax, taxLeft);
    invoice.notes.push({ net, tax, promo, lines });
    const settled = lesser(net + tax, invoice.due);
    invoice.due -= settled;
    this.wallet += net + tax - settled;
    if (promo > 0n) {
      this.returned += promo;
      const span = { effectiveS: nowS, expiresS: nowS + YEAR_S };
      this.grants.push({ amount: promo, priority: 0, ...span, burnt: new Map() });
    }
  }

  /** Closes a period at its end plus grace. */
  async close(fromS: number, toS: number, rule: BookedTax, nowS: number): Promise<void> {
    const cutoffS = toS + GRACE_S;
    const exact = await this.costsOf(fromS, toS, cutoffS);
    const burnt = this.burn(exact, fromS, toS);
    const lines = new Map([...exact].map(([key, { num, den }]) => [key, nearest(num, den)]));
    const adjustments: BookedInvoice['adjustments'] = [];
    const notes: [BookedInvoice, Map<string, bigint>][] = [];
    for (const of of this.invoices) {
      if (of.isVoid || of.toS > fromS || of.toS <= fromS + GRACE_S - LATE_S) continue;
      const less = new Map<string, bigint>();
      for (const [key, { num, den }] of await this.costsOf(of.fromS, of.toS, cutoffS)) {
        const delta = nearest(num, den) - this.billed(of, key);
        if (delta > 0n) adjustments.push({ of, key, amount: delta });
        if (delta < 0n) less.set(key, -delta);
      }
      if (less.size > 0) notes.push([of, less]);
    }
    for (const [of, less] of notes) this.note(of, less, nowS);
    if (lines.size + adjustments.length === 0) return;
    const subtotal = sum(lines.values()) + sum(adjustments.map((one) => one.amount));
    const promo = sum(burnt.values());
    const [net, tax] = taxed(subtotal - promo, rule);
    const amounts = { subtotal, promo, tax, total: net + tax, paid: 0n, due: net + tax };
    const invoice = { fromS, toS, lines, adjustments, rule, isVoid: false, notes: [], ...amounts };
    this.invoices.push(invoice);
    for (const [grant, amount] of burnt) grant.burnt.set(invoice, amount);
    this.payDue();
  }

  /** Whether later documents build on an invoice, so that it may not be voided. */
  isBuiltOn(invoice: BookedInvoice): boolean {
    const adjusted = this.invoices.some((one) => !one.isVoid && one.adjustments.some(({ of }) => of === invoice));
    return invoice.notes.length > 0 || adjusted;
  }

  void(invoice: BookedInvoice): void {
    this.wallet += invoice.paid;
    invoice.isVoid = true;
    invoice.paid = 0n;
    invoice.due = 0n;
  }
}

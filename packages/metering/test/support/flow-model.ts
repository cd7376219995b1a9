/** What a sequence of flow operations must lead to, in plain numbers and without the product's code: a model to compare with. */
// biome-ignore lint/suspicious/noExplicitAny: raw operations
type Json = any;

interface Invoice {
  number: number;
  state: 'final' | 'void';
  net: number;
  tax: number;
  paid: number;
  due: number;
}

class Model {
  wallet: number;
  next: number;
  refused = 0;
  readonly invoices = new Map<string, Invoice>();
  private readonly keys = new Set<string>();
  private readonly events = new Set<string>();
  readonly payments = new Map<string, string>();
  topUps: string[] = [];

  constructor(private readonly start: Json) {
    this.wallet = start.wallet_minor;
    this.next = start.next_number;
  }

  private debit(op: Json): void {
    if (this.keys.has(op.key)) return;
    this.keys.add(op.key);
    this.wallet -= op.minor;
    const isOpen = this.topUps.some((id) => !['succeeded', 'failed'].includes(this.payments.get(id) ?? 'pending'));
    if (this.wallet < this.start.auto_topup.threshold_minor && !isOpen)
      this.topUps.push(`$topup${this.topUps.length + 1}`);
  }

  private payment(op: Json): void {
    if (op.payment.startsWith('$') && !this.topUps.includes(op.payment)) {
      this.refused += 1;
      return;
    }
    if (this.events.has(op.event)) return;
    this.events.add(op.event);
    const before = this.payments.get(op.payment) ?? 'pending';
    if (before === 'succeeded') return;
    const after = op.op.replace('payment_', '');
    this.payments.set(op.payment, after);
    if (after !== 'succeeded') return;
    this.wallet += op.minor;
    // Money that comes in pays what is due, the oldest first.
    for (const invoice of this.invoices.values()) this.pay(invoice, Infinity);
  }

  private pay(invoice: Invoice, most: number): void {
    const amount = Math.max(0, Math.min(most, invoice.due, this.wallet));
    invoice.paid += amount;
    invoice.due -= amount;
    this.wallet -= amount;
  }

  private note(invoice: Invoice, net: number): void {
    if (net > invoice.net) {
      this.refused += 1;
      return;
    }
    const tax = net === invoice.net ? invoice.tax : Math.min(invoice.tax, Math.round((net * 190_000) / 1_000_000));
    invoice.net -= net;
    invoice.tax -= tax;
    const settled = Math.min(net + tax, invoice.due);
    invoice.due -= settled;
    this.wallet += net + tax - settled;
  }

  apply(op: Json): void {
    if (op.op === 'debit') this.debit(op);
    else if (op.op.startsWith('payment_')) this.payment(op);
    else this.document(op);
  }

  private document(op: Json): void {
    const invoice = this.invoices.get(op.invoice);
    if (op.op === 'finalize') {
      if (invoice) return;
      const tax = Math.round((op.net_minor * 190_000) / 1_000_000);
      const due = op.net_minor + tax;
      this.invoices.set(op.invoice, { number: this.next, state: 'final', net: op.net_minor, tax, paid: 0, due });
      this.next += 1;
      return;
    }
    if (!invoice) {
      this.refused += 1;
      return;
    }
    if (op.op === 'pay_from_wallet' && invoice.state === 'final') this.pay(invoice, op.minor);
    if (op.op === 'void' && invoice.state === 'final') this.voidIt(invoice);
    if (op.op === 'credit_note') this.noteOrRefuse(invoice, op.net_minor);
  }

  private voidIt(invoice: Invoice): void {
    const isWhole = invoice.net + invoice.tax === 595;
    if (!isWhole) {
      this.refused += 1;
      return;
    }
    this.wallet += invoice.paid;
    Object.assign(invoice, { state: 'void', paid: 0, due: 0 });
  }

  private noteOrRefuse(invoice: Invoice, net: number): void {
    if (invoice.state === 'void') this.refused += 1;
    else this.note(invoice, net);
  }
}

export function flowModel(start: Json, ops: Json[]): object {
  const model = new Model(start);
  for (const op of ops) model.apply(op);
  const entries = [...model.invoices];
  const isPaid = (one: Invoice) => one.due === 0 && one.paid > 0;
  return {
    wallet_minor: BigInt(model.wallet),
    topups_requested: model.topUps.length,
    payments_settled: [...model.payments.values()].filter((status) => status === 'succeeded').length,
    ...(ops.some(({ op }) => op === 'finalize') && {
      numbers: Object.fromEntries(entries.map(([name, one]) => [name, one.number])),
      states: Object.fromEntries(entries.map(([name, one]) => [name, isPaid(one) ? 'paid' : one.state])),
      next_number: model.next,
    }),
    ...(model.refused > 0 && { refused: model.refused }),
  };
}

import type { Span } from '@suanxiang/domain/calendar';
import { formatFraction } from '@suanxiang/domain/rational';
import { sha256Hex } from '@suanxiang/domain/usage-digest';
import {
  digestOfTexts,
  ENGINE_VERSION,
  type EngineVersion,
  inputDigest,
  isKnownEngine,
  outputDigest,
  type RatedTerms,
} from './canonical';
import { differencesOf } from './compare-line';
import { commitmentOf, negotiatedRows } from './contract';
import type { MergedSeconds } from './merged-seconds';
import { parsePrice, parseTerms } from './proof-terms';
import type { Evidence, Finding, OtherInvoice, Proof, Verdict } from './proof-types';
import { ratePeriod } from './rate';
import type { RatedLine, RatedPeriod } from './types';
import { checkAdjustments, lostAdjustments } from './verify-adjustments';
import { checkCreditNotes } from './verify-credit-notes';
import { blocksOfTerm, checkEvidence, type EvidenceCheck, usageOfTerm } from './verify-evidence';

// biome-ignore lint/suspicious/noExplicitAny: the sealed document, whose digest has been checked before it is read
type Json = any;

/** One verification under way. */
class Verification {
  readonly findings: Finding[] = [];
  /** Lines whose evidence is past its retention. */
  expired: EvidenceCheck['expired'] = [];
  readonly sealed: Json;
  readonly lines: Json[];
  private readonly terms: RatedTerms;
  /** The version that sealed it; an unknown one is told of, and read as the newest. */
  private readonly engine: EngineVersion;

  constructor(
    private readonly proof: Proof,
    private readonly evidence: Evidence,
  ) {
    this.sealed = JSON.parse(proof.document);
    this.lines = this.sealed.lines.map((line: string) => JSON.parse(line));
    this.terms = parseTerms(proof.terms);
    const { engine } = this.sealed;
    this.engine = isKnownEngine(engine) ? engine : ENGINE_VERSION;
  }

  private require(holds: boolean, code: Finding['code'], line: string | null, detail: string): void {
    if (!holds) this.findings.push({ code, line, detail });
  }

  /** Digests of the document, prices, terms and inputs. */
  checkSeals(): void {
    const { proof, sealed } = this;
    const { run, engine } = sealed;
    this.require(isKnownEngine(engine), 'engine_unknown', null, `rated by ${engine}, this is ${ENGINE_VERSION}`);
    this.require(
      sha256Hex(proof.document) === proof.digest,
      'invoice_altered',
      null,
      'the document has another digest',
    );
    this.require(digestOfTexts(proof.prices) === run.prices, 'prices_altered', null, 'the prices have another digest');
    this.require(sha256Hex(proof.terms) === run.terms, 'terms_altered', null, 'the terms have another digest');
    const { contracts = [], period, commitmentMinor = null } = this.terms;
    const agreed = contracts.length === 0 ? commitmentMinor : commitmentOf(contracts, period);
    const said = `a commitment of ${commitmentMinor} was rated, the contract says ${agreed}`;
    this.require(agreed === commitmentMinor, 'terms_altered', null, said);
    const input = inputDigest(proof.cutoff, this.lines);
    const corrections = run.corrections === undefined ? undefined : digestOfTexts(proof.corrections);
    const detail = 'the records of corrected periods have another digest';
    this.require(corrections === run.corrections, 'corrections_altered', null, detail);
    this.require(input === run.input, 'input_altered', null, 'the cutoff or the list of evidence has another digest');
  }

  /** Every block's digest over its values, and each line's digest over its blocks. */
  checkBlocks(): void {
    const { findings, expired } = checkEvidence(this.lines, this.evidence, this.engine, this.proof.evidenceFromS);
    this.findings.push(...findings);
    this.expired = expired;
  }

  private usage(): Map<string, MergedSeconds> {
    const usage = new Map<string, MergedSeconds>();
    for (const term of this.terms.allocations) {
      const blocks = blocksOfTerm(this.evidence, term);
      const merged = usageOfTerm(term, this.terms.period, blocks);
      if (merged) usage.set(term.id, merged);
    }
    return usage;
  }

  /** Rates the period again, with the lines in the order of the document. */
  private rate(): RatedPeriod {
    const own = this.lines.filter((line) => line.kind !== 'adjustment');
    const place = new Map(own.map((line, index) => [line.key, index]));
    const placeOf = ({ id, sku }: { id: string; sku: string }) =>
      place.get(`usage:${id}`) ?? place.get(`tiered:${sku}`) ?? 0;
    const allocations = [...this.terms.allocations].sort((a, b) => placeOf(a) - placeOf(b));
    const { period, exponent, reservations = [], cutsS = [], contracts = [] } = this.terms;
    const { commitmentMinor = null, spendCapMinor = null } = this.terms;
    const prices = negotiatedRows(this.proof.prices.map(parsePrice), contracts);
    const given = { period, exponent, reservations, commitmentMinor, spendCapMinor, cutsS };
    return ratePeriod({ ...given, prices, allocations, usage: this.usage() });
  }

  private compare(line: Json, rated: RatedLine | undefined): void {
    if (!rated) {
      this.require(false, 'line_differs', line.key, 'no lease stands behind it');
      return;
    }
    const expected = { exact: formatFraction(rated.exact), amount: rated.amountMinor.toString() };
    for (const detail of differencesOf(line, rated, expected)) this.require(false, 'line_differs', line.key, detail);
  }

  /** Lines that cannot be derived: billed by samples that are no longer kept. */
  lost(): Set<string> {
    const weighed = this.terms.allocations.filter(({ mode }) => mode === 'utilization');
    const keys = new Set(weighed.flatMap(({ id, sku }) => [`usage:${id}`, `tiered:${sku}`]));
    return new Set(this.expired.map(({ line }) => line).filter((key) => keys.has(key)));
  }

  /** Derives every usage line again whose evidence is there. */
  checkLines(): number {
    const rated = this.rate();
    const byKey = new Map(rated.lines.map((line) => [line.key, line]));
    const lost = this.lost();
    const own = this.lines.filter((line) => line.kind !== 'adjustment');
    // What lacks to a commitment follows from all other lines.
    const isWhole = lost.size === 0;
    const derivable = own.filter((line) => !lost.has(line.key) && (isWhole || line.kind !== 'commitment'));
    for (const line of derivable) this.compare(line, byKey.get(line.key));
    for (const key of byKey.keys()) {
      const isStated = own.some((line) => line.key === key);
      this.require(isStated, 'line_differs', key, 'the lease was used, but the invoice does not have the line');
    }
    this.require(
      derivable.length < own.length || outputDigest(rated, this.engine) === this.sealed.run.output,
      'output_differs',
      null,
      'the rating has another digest',
    );
    return derivable.length;
  }

  checkTotals(): void {
    const { head } = this.sealed;
    const subtotal = this.lines.reduce((sum, line) => sum + BigInt(line.amountMinor), 0n);
    this.require(subtotal === BigInt(head.subtotalMinor), 'totals_differ', null, `the lines add up to ${subtotal}`);
    const base = subtotal - BigInt(head.promoMinor ?? 0);
    const [tax, rate, million] = [BigInt(head.taxMinor), BigInt(head.taxRatePpm), 1_000_000n];
    // Twice the distance from the exact tax is at most the divisor, or the tax is not the nearest whole.
    const off = (exactTimesDivisor: bigint, divisor: bigint) => {
      const distance = 2n * (tax * divisor - exactTimesDivisor);
      return (distance < 0n ? -distance : distance) > divisor;
    };
    const isInclusive = BigInt(head.totalMinor) === base;
    const isTax = isInclusive ? !off(base * rate, million + rate) : !off(base * rate, million);
    this.require(isTax, 'totals_differ', null, `a tax of ${tax} is not ${rate} ppm of ${base}`);
    const total = isInclusive ? base : base + tax;
    this.require(total === BigInt(head.totalMinor), 'totals_differ', null, `the total would be ${total}`);
  }
}

const secondsOf = (lines: readonly Span[]) => lines.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);

/**
 * Derives an issued invoice again from what it was made of: every digest from the second's value up to the document, every
 * line from its evidence, price and terms (its adjustments from the records of the periods they correct), the totals, and the
 * credit notes over it. Pure: the seller and the customer run this same function, each on their own machine. `evidence` holds
 * the blocks of each line by its key; `others` are invoices that corrections build on, to check what was billed before.
 */
export function verifyProof(own: OtherInvoice, evidence: Evidence, others: readonly OtherInvoice[] = []): Verdict {
  const { proof } = own;
  const verification = new Verification(proof, evidence);
  verification.checkSeals();
  verification.checkBlocks();
  const usage = verification.checkLines();
  verification.checkTotals();
  const lost = new Set([...verification.lost(), ...lostAdjustments(proof, verification.expired)]);
  const adjustments = checkAdjustments(proof, evidence, others, lost);
  const notes = checkCreditNotes(own, evidence, others);
  const { lines, findings, sealed } = verification;
  const expired = verification.expired.map((one) => ({ ...one, derived: !lost.has(one.line) }));
  return {
    findings: [...findings, ...adjustments.findings, ...notes.findings],
    expired: [...expired, ...notes.expired],
    derived: usage + adjustments.derived + notes.derived,
    checked: lines.length - usage - adjustments.derived - expired.filter((one) => !one.derived).length,
    notes: notes.notes,
    handNotes: proof.handNotes.length,
    blocks: [...evidence.values()].reduce((count, blocks) => count + blocks.length, 0),
    seconds: secondsOf(lines),
    totalMinor: BigInt(sealed.head.totalMinor),
    currency: sealed.head.currency,
    number: sealed.head.number,
    previous: sealed.head.previous ?? null,
  };
}

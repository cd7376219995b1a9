import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import type { Cutoff } from '../ingest/cutoff';
import {
  canonicalJson,
  digestOfTexts,
  ENGINE_VERSION,
  inputDigest,
  outputDigest,
  priceDigest,
  termsDigest,
  termsText,
} from '../rating/canonical';
import type { RatedSpan } from '../usage/rate-span';
import type { InvoiceLine, RunDigests } from './view';

/** What a run read, as it is kept, and the digests of it. */
export interface RunRecord {
  id: string;
  orgId: string;
  fromS: number;
  toS: number;
  cutoff: Cutoff;
  digests: RunDigests;
  prices: string[];
  terms: string;
  /** Records of the earlier periods that were rated again. */
  corrections: string[];
}

/** What a run was made of. */
export interface RunFacts {
  orgId: string;
  currency: string;
  ratedSpan: RatedSpan;
  lines: InvoiceLine[];
  cutoff: Cutoff;
  /** Seconds at which segments were cut besides. */
  cutsS: number[];
  corrections: string[];
}

/** The record of a run, with an id of its own. */
export function recordOf(facts: RunFacts, nowMs: number): RunRecord {
  const { orgId, currency, lines, cutoff, cutsS, corrections } = facts;
  const { rated, leases, listPrices: prices, contracts, commitmentMinor } = facts.ratedSpan;
  const exponent = CURRENCY_EXPONENTS[currency as Currency];
  const allocations = leases.map((lease) => lease.term);
  const terms = { period: rated.period, exponent, allocations, cutsS, contracts, commitmentMinor };
  return {
    id: mintId('ratingRun', nowMs),
    orgId,
    fromS: rated.period.fromS,
    toS: rated.period.toS,
    cutoff,
    digests: {
      prices: priceDigest(prices),
      terms: termsDigest(terms),
      input: inputDigest(cutoff, lines),
      output: outputDigest(rated),
      corrections: corrections.length > 0 ? digestOfTexts(corrections) : undefined,
    },
    prices: prices.map((row) => canonicalJson(row)),
    terms: termsText(terms),
    corrections,
  };
}

/** Writes the records of runs and what they read. */
export async function insertRuns(sql: Sql, runs: readonly RunRecord[]): Promise<void> {
  const rows = runs.map(({ id, orgId, fromS, toS, cutoff, digests, prices, terms, corrections }) => ({
    id,
    org_id: orgId,
    from_s: fromS,
    to_s: toS,
    cutoff_s: cutoff.arrivedS,
    cutoff_seq: cutoff.batchSeq.toString(),
    ...digests,
    corrections_digest: digests.corrections ?? null,
    price_texts: prices,
    terms_text: terms,
    corrections,
  }));
  await sql`
    INSERT INTO rating_run (id, org_id, from_s, to_s, cutoff_s, cutoff_seq, engine_version, price_digest, terms_digest,
      input_digest, output_digest, corrections_digest)
    SELECT id, org_id, from_s, to_s, cutoff_s, cutoff_seq, ${ENGINE_VERSION}, prices, terms, input, output, corrections_digest
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS r(id text, org_id text, from_s bigint, to_s bigint, cutoff_s bigint,
      cutoff_seq bigint, prices text, terms text, input text, output text, corrections_digest text)`;
  await sql`
    INSERT INTO rating_input (run_id, org_id, prices, terms, corrections)
    SELECT id, org_id, ARRAY(SELECT jsonb_array_elements_text(price_texts)), terms_text,
      ARRAY(SELECT jsonb_array_elements_text(corrections))
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS r(id text, org_id text, price_texts jsonb, terms_text text,
      corrections jsonb)`;
}

import type { Sql } from '@suanxiang/db/sql';
import type { Proof, ProofBlock } from '../rating/verify-proof';
import { invoiceEvidence } from './evidence';
import { readInvoice } from './read';
import { invoiceText } from './view';

interface RunRow {
  prices: string;
  terms: string;
  input: string;
  output: string;
  engine: string;
  seq: string;
  cutoff_s: string;
  price_rows: string[] | null;
  terms_text: string | null;
}

/** What an issued invoice was made of, in canonical form; null for one that is not issued, or whose inputs were not kept. */
export async function readProof(sql: Sql, orgId: string, invoiceId: string): Promise<Proof | null> {
  const invoice = await readInvoice(sql, orgId, invoiceId);
  if (!invoice?.digest) return null;
  const [run] = await sql<RunRow>`
    SELECT r.price_digest AS prices, r.terms_digest AS terms, r.input_digest AS input, r.output_digest AS output,
      r.engine_version AS engine, r.cutoff_seq::text AS seq, r.cutoff_s::text, i.prices AS price_rows, i.terms AS terms_text
    FROM invoice v JOIN rating_run r ON r.org_id = v.org_id AND r.id = v.run_id
      LEFT JOIN rating_input i ON i.org_id = r.org_id AND i.run_id = r.id
    WHERE v.org_id = ${orgId} AND v.id = ${invoiceId}`;
  if (!run?.price_rows || run.terms_text === null) return null;
  const { prices, terms, input, output } = run;
  return {
    digest: invoice.digest,
    document: invoiceText(invoice, { prices, terms, input, output }, run.engine),
    prices: run.price_rows,
    terms: run.terms_text,
    cutoff: { batchSeq: BigInt(run.seq), arrivedS: Number(run.cutoff_s) },
  };
}

const PAGE = 100;

/** Every block behind every line of an invoice, straight from the store of record. */
export async function readEvidence(
  sql: Sql,
  orgId: string,
  invoiceId: string,
  keys: readonly string[],
): Promise<Map<string, ProofBlock[]>> {
  const evidence = new Map<string, ProofBlock[]>();
  for (const key of keys) {
    const blocks: ProofBlock[] = [];
    let after: string | null = null;
    do {
      const page = await invoiceEvidence(sql, orgId, { invoiceId, key, after, limit: PAGE });
      blocks.push(...(page?.blocks ?? []));
      after = page?.next ?? null;
    } while (after !== null);
    evidence.set(key, blocks);
  }
  return evidence;
}

/** Keys of a sealed document's lines. */
export function lineKeys(document: string): string[] {
  return (JSON.parse(document) as { lines: string[] }).lines.map((line) => (JSON.parse(line) as { key: string }).key);
}

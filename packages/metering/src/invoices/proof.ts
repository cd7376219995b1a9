import type { Sql } from '@suanxiang/db/sql';
import {
  evidenceKeys,
  type HandNote,
  type NoteProof,
  type OtherInvoice,
  type Proof,
  type ProofBlock,
  type Verdict,
} from '../rating/proof-types';
import { verifyProof } from '../rating/verify-proof';

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
  corrections: string | null;
  price_rows: string[] | null;
  terms_text: string | null;
  records: string[] | null;
}

interface NoteRow {
  id: string;
  number: string;
  digest: string;
  document: string;
  correction: string | null;
  seq: string;
  cutoff_s: string;
}

/** Credit notes over an invoice whose inputs were kept, in the order in which they were issued. */
async function readNotes(sql: Sql, orgId: string, invoiceId: string): Promise<NoteProof[]> {
  const rows = await sql<NoteRow>`
    SELECT n.id, n.number, n.digest, n.document, n.correction, r.cutoff_seq::text AS seq, r.cutoff_s::text
    FROM credit_note n JOIN rating_run r ON r.org_id = n.org_id AND r.id = n.run_id
    WHERE n.org_id = ${orgId} AND n.invoice_id = ${invoiceId} AND n.document IS NOT NULL
    ORDER BY r.cutoff_s, r.cutoff_seq, n.id`;
  return rows.map(({ seq, cutoff_s, ...note }) => {
    return { ...note, cutoff: { batchSeq: BigInt(seq), arrivedS: Number(cutoff_s) } };
  });
}

/** Credit notes over an invoice that operators made by hand. */
async function readHandNotes(sql: Sql, orgId: string, invoiceId: string): Promise<HandNote[]> {
  return sql<{ id: string; number: string; digest: string; document: string }>`
    SELECT id, number, digest, document FROM credit_note
    WHERE org_id = ${orgId} AND invoice_id = ${invoiceId} AND run_id IS NULL AND document IS NOT NULL
    ORDER BY issued_at, id`;
}

/** Blocks of seconds before this one have been dropped after their retention. */
async function evidenceFrom(sql: Sql): Promise<number> {
  const [mark] = await sql<{ from_s: string }>`SELECT evidence_from_s::text AS from_s FROM usage_hour_mark`;
  return Number(mark?.from_s ?? 0);
}

/** What an issued invoice was made of, in canonical form; null for one that is not issued, or whose inputs were not kept. */
export async function readProof(sql: Sql, orgId: string, invoiceId: string): Promise<Proof | null> {
  const invoice = await readInvoice(sql, orgId, invoiceId);
  if (!invoice?.digest) return null;
  const [run] = await sql<RunRow>`
    SELECT r.price_digest AS prices, r.terms_digest AS terms, r.input_digest AS input, r.output_digest AS output,
      r.corrections_digest AS corrections, r.engine_version AS engine, r.cutoff_seq::text AS seq, r.cutoff_s::text,
      i.prices AS price_rows, i.terms AS terms_text, i.corrections AS records
    FROM invoice v JOIN rating_run r ON r.org_id = v.org_id AND r.id = v.run_id
      LEFT JOIN rating_input i ON i.org_id = r.org_id AND i.run_id = r.id
    WHERE v.org_id = ${orgId} AND v.id = ${invoiceId}`;
  if (!run?.price_rows || run.terms_text === null) return null;
  const { prices, terms, input, output } = run;
  const digests = { prices, terms, input, output, corrections: run.corrections ?? undefined };
  return {
    digest: invoice.digest,
    document: invoiceText(invoice, digests, run.engine),
    prices: run.price_rows,
    terms: run.terms_text,
    cutoff: { batchSeq: BigInt(run.seq), arrivedS: Number(run.cutoff_s) },
    corrections: run.records ?? [],
    creditNotes: await readNotes(sql, orgId, invoiceId),
    handNotes: await readHandNotes(sql, orgId, invoiceId),
    evidenceFromS: await evidenceFrom(sql),
  };
}

/**
 * Ids of the invoices that the corrections on an invoice, and the credit notes over it, build on: those that it corrects, and
 * those that correct the same periods.
 */
export async function relatedInvoices(sql: Sql, orgId: string, invoiceId: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    WITH root AS (
      SELECT DISTINCT corrects_invoice_id AS id FROM invoice_line
        WHERE org_id = ${orgId} AND invoice_id = ${invoiceId} AND corrects_invoice_id IS NOT NULL
      UNION SELECT ${invoiceId}::text)
    SELECT id FROM root UNION SELECT l.invoice_id FROM invoice_line l JOIN root ON l.corrects_invoice_id = root.id
      WHERE l.org_id = ${orgId}
    ORDER BY id`;
  return rows.map(({ id }) => id).filter((id) => id !== invoiceId);
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

async function readOther(sql: Sql, orgId: string, invoiceId: string): Promise<OtherInvoice | null> {
  const proof = await readProof(sql, orgId, invoiceId);
  const [invoice] = await sql<{ status: string }>`
    SELECT status FROM invoice WHERE org_id = ${orgId} AND id = ${invoiceId}`;
  return proof && invoice ? { invoiceId, isVoid: invoice.status === 'void', proof } : null;
}

/** Derives an issued invoice again from the store of record; null when its inputs were not kept. */
export async function replayInvoice(sql: Sql, orgId: string, invoiceId: string): Promise<Verdict | null> {
  const own = await readOther(sql, orgId, invoiceId);
  if (!own) return null;
  const others: OtherInvoice[] = [];
  for (const id of await relatedInvoices(sql, orgId, invoiceId)) {
    const other = await readOther(sql, orgId, id);
    if (other) others.push(other);
  }
  return verifyProof(own, await readEvidence(sql, orgId, invoiceId, evidenceKeys(own.proof)), others);
}

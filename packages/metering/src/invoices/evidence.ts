import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { decodeBlock, readableSeconds, type SecondPpm } from '@suanxiang/domain/usage-block';
import type { Cutoff } from '../ingest/cutoff';
import { billedOrg } from '../periods';
import { cutoffBounds, minuteOf } from '../usage/load-samples';
import { openInvoicePeriods } from './draft';

/** A usage block as evidence: what the agent sent, byte for byte, with its digest. */
export interface EvidenceBlock {
  allocationId: string;
  winStartS: number;
  rev: number;
  measured: number;
  /** Over the measured seconds; null when none was. */
  averagePpm: number | null;
  digest: string;
  agentId: string;
  receivedAt: Date;
  valuesPpm: SecondPpm[];
}

export interface EvidencePage {
  blocks: EvidenceBlock[];
  /** Pass as `after` to the next call; null at the end. */
  next: string | null;
}

interface EvidenceRow {
  win_start_s: string;
  rev: number;
  measured: number;
  sum_ppm: string;
  digest: string;
  agent_id: string;
  received_at: Date;
  bytes: Uint8Array;
}

interface Place {
  winStartS: number;
  rev: number;
  digest: string;
}

/** `<minute>.<revision>.<digest>`: blocks of a lease in their order of time, and every block has one place. */
function readPlace(after: string | null): Place {
  if (after === null) return { winStartS: -1, rev: 0, digest: '' };
  const match = /^(\d{1,12})\.(\d{1,10})\.([0-9a-f]{64})$/.exec(after);
  if (!match) throw new RangeError('the cursor does not name a usage block');
  return { winStartS: Number(match[1]), rev: Number(match[2]), digest: match[3]! };
}

/** A block that was altered past all checks must still be shown: what cannot be a value is shown as none, and its digest tells. */
function readBytes(bytes: Uint8Array): SecondPpm[] {
  try {
    return decodeBlock(bytes);
  } catch (error) {
    if (error instanceof RangeError) return readableSeconds(bytes);
    throw error;
  }
}

type Stretch = Span & { allocationId: string; cutoff: Cutoff };

const cutoffOf = ({ seq, cutoff_s: arrivedS }: { seq: string; cutoff_s: string }): Cutoff => {
  return { batchSeq: BigInt(seq), arrivedS: Number(arrivedS) };
};

async function pageOf(
  sql: Sql,
  orgId: string,
  stretch: Span & { allocationId: string },
  cutoff: Cutoff | null,
  page: { after: string | null; limit: number },
): Promise<EvidencePage> {
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  const place = readPlace(page.after);
  const rows = await sql<EvidenceRow>`
    SELECT win_start_s::text, rev, measured, sum_ppm::text, digest, agent_id, received_at, bytes FROM usage_block
    WHERE org_id = ${orgId} AND allocation_id = ${stretch.allocationId}
      AND win_start_s >= greatest(${minuteOf(stretch.fromS)}::bigint, ${place.winStartS}::bigint)
      AND win_start_s < ${stretch.toS}::bigint AND batch_seq <= ${batchSeq}::bigint AND arrived_s <= ${arrivedS}::bigint
      AND (win_start_s, rev, digest) > (${place.winStartS}::bigint, ${place.rev}::int, ${place.digest}::text)
    ORDER BY usage_block.win_start_s, rev, digest LIMIT ${page.limit + 1}::int`;
  const blocks = rows.slice(0, page.limit).map((row): EvidenceBlock => {
    const measured = row.measured;
    return {
      allocationId: stretch.allocationId,
      winStartS: Number(row.win_start_s),
      rev: row.rev,
      measured,
      averagePpm: measured === 0 ? null : Math.floor(Number(row.sum_ppm) / measured),
      digest: row.digest,
      agentId: row.agent_id,
      receivedAt: row.received_at,
      valuesPpm: readBytes(row.bytes),
    };
  });
  const last = rows.length > page.limit ? blocks.at(-1) : undefined;
  return { blocks, next: last ? `${last.winStartS}.${last.rev}.${last.digest}` : null };
}

/** The leases of a line inside a period that is not final. */
async function openStretches(
  sql: Sql,
  orgId: string,
  invoiceId: string,
  key: string,
): Promise<(Span & { allocationId: string })[] | null> {
  const allocationId = /^usage:(.+)$/.exec(key)?.[1];
  const org = await billedOrg(sql, orgId);
  const period = (await openInvoicePeriods(sql, org)).find(({ id }) => id === invoiceId);
  if (!period) return null;
  const sku = /^tiered:(.+)$/.exec(key)?.[1];
  if (sku) return leasesOfSku(sql, orgId, sku, { fromS: period.fromS, toS: Math.min(org.nowS, period.toS) });
  if (key === 'commitment') return [];
  if (!allocationId) return null;
  const [lease] = await sql<{ start_s: string; end_s: string | null }>`
    SELECT start_s::text, end_s::text FROM allocation
    WHERE org_id = ${orgId} AND id = ${allocationId} AND start_s IS NOT NULL`;
  if (!lease) return null;
  const fromS = Math.max(Number(lease.start_s), period.fromS);
  const toS = Math.min(lease.end_s === null ? org.nowS : Number(lease.end_s), period.toS);
  return fromS < toS ? [{ allocationId, fromS, toS }] : null;
}

/** The leases of a line of a credit note over an invoice, and what its run had read. */
async function noteStretches(
  sql: Sql,
  orgId: string,
  invoiceId: string,
  noteId: string,
  key: string,
): Promise<Stretch[] | null> {
  const [line] = await sql<Record<'from_s' | 'to_s' | 'seq' | 'cutoff_s', string>>`
    SELECT g.from_s::text, g.to_s::text, r.cutoff_seq::text AS seq, r.cutoff_s::text
    FROM credit_note n JOIN rating_run r ON r.org_id = n.org_id AND r.id = n.run_id,
      jsonb_to_recordset(n.lines) AS g(key text, from_s bigint, to_s bigint)
    WHERE n.org_id = ${orgId} AND n.id = ${noteId} AND n.invoice_id = ${invoiceId} AND g.key = ${key}`;
  if (line?.from_s == null) return null;
  const [, kind, subject = ''] = /^(usage|tiered):(.+)$/.exec(key) ?? [];
  const span = { fromS: Number(line.from_s), toS: Number(line.to_s) };
  const cutoff = cutoffOf(line);
  if (kind === 'usage') return [{ allocationId: subject, ...span, cutoff }];
  const leases = kind === 'tiered' ? await leasesOfSku(sql, orgId, subject, span) : [];
  return leases.map((lease) => ({ ...lease, cutoff }));
}

/** The lease of a line; several of a tiered line, none of a commitment; null when there is no such line. */
async function lineStretches(sql: Sql, orgId: string, invoiceId: string, key: string): Promise<Stretch[] | null> {
  const [line] = await sql<Record<'sku' | 'allocation_id' | 'from_s' | 'to_s' | 'seq' | 'cutoff_s', string>>`
    SELECT l.sku, l.allocation_id, l.from_s::text, l.to_s::text, r.cutoff_seq::text AS seq, r.cutoff_s::text
    FROM invoice_line l JOIN invoice i ON i.org_id = l.org_id AND i.id = l.invoice_id
      JOIN rating_run r ON r.org_id = i.org_id AND r.id = i.run_id
    WHERE l.org_id = ${orgId} AND l.invoice_id = ${invoiceId} AND l.key = ${key}`;
  if (!line) return null;
  const { allocation_id: allocationId, sku } = line;
  const span = { fromS: Number(line.from_s), toS: Number(line.to_s) };
  const cutoff = cutoffOf(line);
  if (allocationId !== null) return [{ allocationId, ...span, cutoff }];
  const leases = /(^|:)tiered:/.test(key) ? await leasesOfSku(sql, orgId, sku!, span) : [];
  return leases.map((lease) => ({ ...lease, cutoff }));
}

/** The leases of a SKU inside a span, by their ids. */
async function leasesOfSku(sql: Sql, orgId: string, sku: string, span: Span) {
  const rows = await sql<{ id: string; start_s: string; end_s: string | null }>`
    SELECT id, start_s::text, end_s::text FROM allocation WHERE org_id = ${orgId} AND sku = ${sku}
      AND allocation.start_s < ${span.toS}::bigint AND (end_s IS NULL OR end_s > ${span.fromS}::bigint) ORDER BY id`;
  return rows.map(({ id, start_s: startS, end_s: endS }) => ({
    allocationId: id,
    fromS: Math.max(Number(startS), span.fromS),
    toS: Math.min(endS === null ? span.toS : Number(endS), span.toS),
  }));
}

/** A page over leases one after the other; places then begin with the lease's. */
async function pageOverLeases(
  sql: Sql,
  orgId: string,
  stretches: readonly (Span & { allocationId: string; cutoff: Cutoff | null })[],
  page: { after: string | null; limit: number },
): Promise<EvidencePage> {
  const [, current = null, inside = null] = /^([^.]+)\.(.+)$/.exec(page.after ?? '') ?? [];
  const blocks: EvidenceBlock[] = [];
  for (const { cutoff, ...stretch } of stretches) {
    const { allocationId } = stretch;
    if (current !== null && allocationId < current) continue;
    const after = allocationId === current ? inside : null;
    const found = await pageOf(sql, orgId, stretch, cutoff, { after, limit: page.limit - blocks.length });
    blocks.push(...found.blocks);
    if (found.next !== null) return { blocks, next: `${allocationId}.${found.next}` };
    const last = blocks.at(-1);
    // Full, and perhaps more in the leases that follow: go on behind the last block.
    if (last && blocks.length === page.limit) {
      return { blocks, next: `${last.allocationId}.${last.winStartS}.${last.rev}.${last.digest}` };
    }
  }
  return { blocks, next: null };
}

/**
 * The usage blocks that a line of an invoice (or of a period that is not final) was made of, in the order of time, exactly those that were
 * read at its cutoff; `credit_note:<id>:<key>` names a line of a credit note over it. Null when there is no such invoice or line. `limit` 1..100. Throws RangeError for a bad cursor.
 */
export async function invoiceEvidence(
  sql: Sql,
  orgId: string,
  query: { invoiceId: string; key: string; after: string | null; limit: number },
): Promise<EvidencePage | null> {
  const note = /^credit_note:([^:]+):(.+)$/.exec(query.key);
  const stretches = await (!query.invoiceId.startsWith('inv_')
    ? openStretches(sql, orgId, query.invoiceId, query.key)
    : note
      ? noteStretches(sql, orgId, query.invoiceId, note[1]!, note[2]!)
      : lineStretches(sql, orgId, query.invoiceId, query.key));
  if (!stretches) return null;
  const cut = stretches.map((stretch) => ({ cutoff: null, ...stretch }));
  if (/(^|:)tiered:/.test(query.key)) return pageOverLeases(sql, orgId, cut, query);
  const [only] = cut;
  return only ? pageOf(sql, orgId, only, only.cutoff, query) : { blocks: [], next: null };
}

/** All usage blocks of one allocation in the order of time, or null when the organisation has no such allocation. */
export async function allocationBlocks(
  sql: Sql,
  orgId: string,
  query: { allocationId: string; after: string | null; limit: number },
): Promise<EvidencePage | null> {
  const { allocationId } = query;
  const [found] = await sql<{ id: string }>`
    SELECT id FROM allocation WHERE org_id = ${orgId} AND id = ${allocationId}`;
  if (!found) return null;
  return pageOf(sql, orgId, { allocationId, fromS: 0, toS: Number.MAX_SAFE_INTEGER }, null, query);
}

import type { Sql } from '@suanxiang/db/sql';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import type { Bilingual } from '@suanxiang/domain/locale';
import { formatFraction } from '@suanxiang/domain/rational';
import type { Cutoff } from '../ingest/cutoff';
import type { RatedLine, Segment } from '../rating/types';
import { type BlockCounts, countBlocksOf } from '../usage/block-counts';
import type { Lease } from '../usage/load-terms';
import type { RatedSpan } from '../usage/rate-span';
import type { InvoiceLine, InvoiceSegment } from './view';

/** What a line says it is for. Names are the tenant's own and are printed as they are. */
export function describe(lease: Lease): Bilingual {
  const model = findAccelerator(lease.modelId)?.name ?? { en: lease.modelId, zh: lease.modelId };
  const node = lease.nodeCount > 1 ? `${lease.rank + 1}/${lease.nodeCount}` : null;
  const { kind, workloadName: name, gpus } = lease;
  return {
    en: `${kind === 'cluster' ? 'Cluster' : 'Instance'} ${name}${node ? `, node ${node}` : ''}, ${gpus} × ${model.en}`,
    zh: `${kind === 'cluster' ? '集群' : '实例'} ${name}${node ? `，节点 ${node}` : ''}，${model.zh} × ${gpus}`,
  };
}

function toSegment(segment: Segment): InvoiceSegment {
  return {
    fromS: segment.fromS,
    toS: segment.toS,
    kind: segment.kind === 'minimum' ? 'minimum' : 'usage',
    gpus: formatFraction(segment.gpus),
    microPerGpuHour: segment.microPerGpuHour,
    qty: formatFraction(segment.qty),
    exactMinor: formatFraction(segment.exact),
    billedSeconds: segment.billedSeconds,
  };
}

/** A rated line with its lease's names and its evidence, as it stands on an invoice. */
export function toInvoiceLine(line: RatedLine, lease: Lease, counts: BlockCounts): InvoiceLine {
  return {
    key: line.key,
    kind: 'usage',
    correctsInvoiceId: null,
    description: describe(lease),
    allocationId: lease.term.id,
    workloadId: lease.workloadId,
    projectId: lease.projectId,
    sku: lease.term.sku,
    gpus: lease.gpus,
    fromS: line.fromS,
    toS: line.toS,
    billedSeconds: line.billedSeconds,
    measuredSeconds: counts.measured,
    undeliveredSeconds: line.undeliveredSeconds,
    minimumSeconds: line.minimumSeconds,
    undelivered: line.undelivered,
    qty: formatFraction(line.qty),
    exactMinor: formatFraction(line.exact),
    amountMinor: line.amountMinor,
    segments: line.segments.map(toSegment),
    blockCount: counts.blocks,
    blocksDigest: counts.digest ?? '',
  };
}

/**
 * The lines of a rated span with their evidence counted and sealed. `untilS` ends the lines of a running period. Prices
 * in the database are flat, so that every line belongs to one allocation.
 */
export async function composeLines(
  sql: Sql,
  orgId: string,
  { rated, leaseById }: Pick<RatedSpan, 'rated' | 'leaseById'>,
  options: { cutoff?: Cutoff | null; untilS?: number; only?: ReadonlySet<string> } = {},
): Promise<InvoiceLine[]> {
  const [lines] = await composeLinesOf(sql, [{ orgId, ratedSpan: { rated, leaseById }, ...options }]);
  return lines!;
}

/** What of an organisation is composed. */
export interface ComposeRequest {
  orgId: string;
  ratedSpan: Pick<RatedSpan, 'rated' | 'leaseById'>;
  cutoff?: Cutoff | null;
  untilS?: number;
  /** Only lines of these keys. */
  only?: ReadonlySet<string>;
}

/** The same of some organisations, in the order of the requests; their evidence is counted together. */
export async function composeLinesOf(sql: Sql, requests: readonly ComposeRequest[]): Promise<InvoiceLine[][]> {
  const lines = requests.map(({ ratedSpan, untilS = Infinity, only }) =>
    ratedSpan.rated.lines
      .filter((line) => line.allocationId !== null && (!only || only.has(line.key)))
      .map((line) => ({
        ...line,
        allocationId: line.allocationId!,
        toS: Math.max(line.fromS, Math.min(line.toS, untilS)),
      })),
  );
  const counted = requests.map(({ orgId, cutoff = null }, place) => ({ orgId, cutoff, stretches: lines[place]! }));
  const counts = await countBlocksOf(sql, counted, true);
  return lines.map((own, place) => {
    const { leaseById } = requests[place]!.ratedSpan;
    return own.map((line) => toInvoiceLine(line, leaseById.get(line.allocationId)!, counts.get(line.allocationId)!));
  });
}

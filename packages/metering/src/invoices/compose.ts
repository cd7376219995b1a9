import type { Sql } from '@suanxiang/db/sql';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import type { Bilingual } from '@suanxiang/domain/locale';
import { formatFraction } from '@suanxiang/domain/rational';
import type { Cutoff } from '../ingest/cutoff';
import { blocksDigest, digestOfLeases } from '../rating/canonical';
import { clip, undeliveredIn } from '../rating/spans';
import type { RatedLine, Segment } from '../rating/types';
import { type BlockCounts, type CountedStretch, countBlocksOf } from '../usage/block-counts';
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
  const { band, allocationId } = segment;
  return {
    ...(band === null || allocationId === null ? {} : { band, allocationId }),
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

/** What a line over several leases, or over none, says it is for. */
function describeWhole(line: RatedLine, leases: readonly Lease[]): Bilingual {
  if (line.kind === 'commitment') return { en: 'Shortfall of the committed least spend', zh: '承诺最低消费差额' };
  const modelId = leases[0]?.modelId ?? line.sku!;
  const model = findAccelerator(modelId)?.name ?? { en: modelId, zh: modelId };
  const count = leases.length;
  return {
    en: `${model.en}, tiered price over ${count} ${count === 1 ? 'lease' : 'leases'}`,
    zh: `${model.zh}，${count} 个租约合并按阶梯计价`,
  };
}

/** What every kind of line takes over from its rating as it is. */
const ratedParts = (line: RatedLine) => ({
  fromS: line.fromS,
  toS: line.toS,
  billedSeconds: line.billedSeconds,
  undeliveredSeconds: line.undeliveredSeconds,
  minimumSeconds: line.minimumSeconds,
  undelivered: line.undelivered,
  qty: formatFraction(line.qty),
  exactMinor: formatFraction(line.exact),
  amountMinor: line.amountMinor,
  segments: line.segments.map(toSegment),
});

/** A line over several leases of a SKU (tiered), or over none (commitment), with the evidence of all of them. */
function toWholeLine(line: RatedLine, leases: readonly Lease[], counts: ReadonlyMap<string, BlockCounts>): InvoiceLine {
  const own = leases.map(({ term }) => ({ allocationId: term.id, ...counts.get(term.id)! }));
  const sum = (of: (one: BlockCounts) => number) => own.reduce((total, one) => total + of(one), 0);
  const sealed = own
    .filter((one) => one.blocks > 0)
    .map(({ allocationId, blocks, digest }) => ({ allocationId, blocks, digest: digest ?? '' }));
  return {
    key: line.key,
    kind: line.kind === 'commitment' ? 'commitment' : 'tiered',
    correctsInvoiceId: null,
    description: describeWhole(line, leases),
    allocationId: null,
    workloadId: null,
    projectId: null,
    sku: line.sku,
    gpus: 0,
    ...ratedParts(line),
    measuredSeconds: sum((one) => one.measured),
    blockCount: sum((one) => one.blocks),
    blocksDigest: line.kind === 'commitment' ? blocksDigest([]) : digestOfLeases(sealed),
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
    ...ratedParts(line),
    measuredSeconds: counts.measured,
    blockCount: counts.blocks,
    blocksDigest: counts.digest ?? '',
  };
}

/** The lines of a rated span with their evidence counted and sealed. `untilS` ends the lines of a running period. */
export async function composeLines(
  sql: Sql,
  orgId: string,
  ratedSpan: Pick<RatedSpan, 'rated' | 'leases' | 'leaseById'>,
  options: { cutoff?: Cutoff | null; untilS?: number; only?: ReadonlySet<string> } = {},
): Promise<InvoiceLine[]> {
  const [lines] = await composeLinesOf(sql, [{ orgId, ratedSpan, ...options }]);
  return lines!;
}

/** What of an organisation is composed. */
export interface ComposeRequest {
  orgId: string;
  ratedSpan: Pick<RatedSpan, 'rated' | 'leases' | 'leaseById'>;
  cutoff?: Cutoff | null;
  untilS?: number;
  /** Only lines of these keys. */
  only?: ReadonlySet<string>;
}

/** The leases behind a line: its own, or those of its SKU. */
function leasesBehind(line: RatedLine, { leases, leaseById }: Pick<RatedSpan, 'leases' | 'leaseById'>): Lease[] {
  if (line.allocationId !== null) return [leaseById.get(line.allocationId)!];
  if (line.kind !== 'tiered') return [];
  return leases.filter(({ term }) => term.sku === line.sku && clip({ fromS: term.startS, toS: term.endS }, line));
}

/** The evidence to be counted for some lines, each lease once. */
function stretchesOf(lines: readonly RatedLine[], ratedSpan: ComposeRequest['ratedSpan']): CountedStretch[] {
  const stretches = new Map<string, CountedStretch>();
  for (const line of lines) {
    for (const { term } of leasesBehind(line, ratedSpan)) {
      const window = clip({ fromS: term.startS, toS: term.endS }, line) ?? { fromS: line.fromS, toS: line.fromS };
      const undelivered = undeliveredIn(term.undelivered, window);
      stretches.set(term.id, { ...window, allocationId: term.id, undelivered });
    }
  }
  return [...stretches.values()];
}

/** The same of some organisations, in the order of the requests; their evidence is counted together. */
export async function composeLinesOf(sql: Sql, requests: readonly ComposeRequest[]): Promise<InvoiceLine[][]> {
  const lines = requests.map(({ ratedSpan, untilS = Infinity, only }) =>
    ratedSpan.rated.lines
      .filter((line) => !only || only.has(line.key))
      .map((line) => ({ ...line, toS: Math.max(line.fromS, Math.min(line.toS, untilS)) })),
  );
  const counted = requests.map(({ orgId, cutoff = null, ratedSpan }, place) => {
    return { orgId, cutoff, stretches: stretchesOf(lines[place]!, ratedSpan) };
  });
  const counts = await countBlocksOf(sql, counted, true);
  return lines.map((own, place) =>
    own.map((line) => {
      const leases = leasesBehind(line, requests[place]!.ratedSpan);
      if (line.allocationId === null) return toWholeLine(line, leases, counts);
      return toInvoiceLine(line, leases[0]!, counts.get(line.allocationId)!);
    }),
  );
}

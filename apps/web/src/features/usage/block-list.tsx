'use client';
import { useTranslations } from 'next-intl';
import type { EvidenceBlock } from '@/api/types';
import { Pager } from '@/features/list/pager';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { BlockStrip } from '@/ui/block-strip';
import { MonoId } from '@/ui/mono-id';

interface BlockListProps {
  label: string;
  blocks: readonly EvidenceBlock[];
  /** The lease: seconds outside of it were never due. */
  span: { fromS: number; toS: number };
  cursor: string;
  nextCursor: string | null;
  onGo: (cursor: string | null) => void;
}

/** A block's values; a missing one outside the lease is no second of it. */
function dueValues(block: EvidenceBlock, span: BlockListProps['span']): (number | null | undefined)[] {
  return block.values_ppm.map((ppm, index) => {
    const second = block.win_start_s + index;
    return ppm === null && (second < span.fromS || second >= span.toS) ? undefined : ppm;
  });
}

/** Usage blocks as they are stored and billed: minute, 60 values, digest. */
export function BlockList({ label, blocks, span, cursor, nextCursor, onGo }: BlockListProps) {
  const t = useTranslations('usage');
  const format = useFormat();
  if (blocks.length === 0 && !cursor) return <p className="text-muted text-sm">{t('noBlocks')}</p>;
  return (
    <div>
      <p className="mb-2 text-muted text-xs">{t('blocksText')}</p>
      <ul aria-label={label} className="divide-y divide-line rounded-md border border-line bg-surface">
        {blocks.map((block) => (
          <li
            key={`${block.allocation_id}${block.win_start_s}${block.rev}`}
            className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 px-3 py-2 md:grid-cols-[10rem_minmax(10rem,1fr)_8rem_11rem]"
          >
            <span className="tnum text-xs">
              {format.date(block.win_start_s, 'seconds')}
              {block.rev > 0 && (
                <span className="ml-2">
                  <Badge tone="warning">{t('revision', { rev: block.rev })}</Badge>
                </span>
              )}
            </span>
            <span className="order-last col-span-2 md:order-none md:col-span-1">
              <BlockStrip
                values={dueValues(block, span)}
                className="h-7"
                label={t('blockText', {
                  time: format.date(block.win_start_s, 'seconds'),
                  measured: block.measured,
                  average: block.average_ppm === null ? '—' : format.percent(block.average_ppm),
                })}
              />
            </span>
            <span className="tnum text-right text-muted text-xs">
              {block.average_ppm === null ? '—' : format.percent(block.average_ppm)} · {block.measured}/60
            </span>
            <span className="col-span-2 hidden justify-self-end md:col-span-1 md:block">
              <MonoId id={`sha256:${block.digest}`} />
            </span>
          </li>
        ))}
      </ul>
      <Pager cursor={cursor} nextCursor={nextCursor} onGo={onGo} />
    </div>
  );
}

'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { BlockList } from './block-list';

interface AllocationBlocksProps {
  allocationId: string;
  /** The lease, as far as it lies in the report. */
  span: { fromS: number; toS: number };
}

/** The blocks of one allocation, a page at a time. */
export default function AllocationBlocks({ allocationId, span }: AllocationBlocksProps) {
  const t = useTranslations('usage');
  const [cursor, setCursor] = useState<string | null>(null);
  const blocks = useApi(
    'listUsageBlocks',
    { params: { allocation_id: allocationId }, query: { limit: 10, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  if (blocks.error && !blocks.data) return <ErrorNotice error={blocks.error} onRetry={() => void blocks.refetch()} />;
  if (!blocks.data) return <Skeleton className="h-24 w-full" />;
  return (
    <BlockList
      label={t('blocks')}
      blocks={blocks.data.items}
      span={span}
      cursor={cursor ?? ''}
      nextCursor={blocks.data.next_cursor}
      onGo={setCursor}
    />
  );
}

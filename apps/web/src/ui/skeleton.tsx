import { cx } from '@/lib/cx';

/** A grey shape where content will be; appears only when waiting takes longer than 150 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <div className={cx('skeleton', className)} aria-hidden="true" />;
}

/** A list page while it loads. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div aria-busy="true">
      <div className="mb-6 flex h-8 items-center justify-between">
        <Skeleton className="h-6 w-40" />
        <Skeleton className="h-8 w-28" />
      </div>
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <div className="h-9 border-line border-b bg-sunken" />
        {Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
          <div key={index} className="flex h-11 items-center gap-6 border-line border-b px-5 last:border-b-0">
            <Skeleton className="h-3.5 w-1/4" />
            <Skeleton className="h-3.5 w-1/6" />
            <Skeleton className="ml-auto h-3.5 w-1/12" />
          </div>
        ))}
      </div>
    </div>
  );
}

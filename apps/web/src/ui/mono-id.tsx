import { cx } from '@/lib/cx';
import { shortId } from '@/lib/format';
import { CopyButton } from './copy';

interface MonoIdProps {
  id: string;
  /** Shows the whole id instead of its ends. */
  full?: boolean;
  className?: string;
}

/** An identifier in mono with a button that copies all of it. */
export function MonoId({ id, full = false, className }: MonoIdProps) {
  return (
    <span className={cx('inline-flex max-w-full items-center gap-1 align-middle', className)}>
      <code className="truncate font-mono text-muted text-xs" title={id}>
        {full ? id : shortId(id)}
      </code>
      <CopyButton text={id} />
    </span>
  );
}

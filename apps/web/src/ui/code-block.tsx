import { cx } from '@/lib/cx';
import { CopyButton } from './copy';

interface CodeBlockProps {
  code: string;
  label: string;
  className?: string;
  wrap?: boolean;
}

/** Code or a command with a copy button. */
export function CodeBlock({ code, label, className, wrap = false }: CodeBlockProps) {
  return (
    <div className={cx('relative rounded-md border border-line', className ?? 'bg-sunken')}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        className={cx('overflow-x-auto p-3 pr-11 font-mono text-xs leading-5', wrap && 'whitespace-pre-wrap break-all')}
      >
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={label} className="absolute top-2 right-2 bg-inherit" />
    </div>
  );
}

'use client';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { cx } from '@/lib/cx';
import { useFormat } from '@/lib/use-format';
import { Button } from '@/ui/button';
import { cutAtFinds, type NumberedLine } from './log-lines';

/** So near its end, in pixels, a pane counts as being there. */
const NEAR_PX = 24;

/** Lines that stay at their end while more come, until somebody scrolls away. */
export function LogPane({ lines, search, wrap }: { lines: readonly NumberedLine[]; search: string; wrap: boolean }) {
  const t = useTranslations('workload.logs');
  const format = useFormat();
  const pane = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = () => {
    if (pane.current) pane.current.scrollTop = pane.current.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when lines arrive
  useEffect(() => {
    if (atEnd) toEnd();
  }, [lines, atEnd, wrap]);
  const look = () => {
    const { scrollTop, scrollHeight, clientHeight } = pane.current!;
    setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_PX);
  };
  return (
    <div className="relative">
      <div
        ref={pane}
        role="log"
        aria-label={t('region')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        onScroll={look}
        className="h-[60dvh] overflow-auto p-4 font-mono text-xs leading-5"
      >
        {lines.map((line) => (
          <p key={line.number} className={cx('flex gap-4', wrap ? 'whitespace-pre-wrap' : 'w-max whitespace-pre')}>
            <span className="tnum shrink-0 select-none text-subtle">{format.date(line.at, 'time')}</span>
            <code className={cx(wrap && 'min-w-0 break-all')}>
              {cutAtFinds(line.text, search).map((part, index) =>
                index % 2 === 1 ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line are known by their place
                  <mark key={index} className="rounded-sm bg-accent-soft text-content">
                    {part}
                  </mark>
                ) : (
                  part
                ),
              )}
            </code>
          </p>
        ))}
      </div>
      {!atEnd && (
        <Button size="sm" className="absolute right-6 bottom-4" onClick={toEnd}>
          {t('toEnd')}
        </Button>
      )}
    </div>
  );
}

'use client';
import { useState } from 'react';

export interface DayBar {
  key: string;
  label: string;
  /** Length of the bar; a float is enough for a drawing. */
  value: number;
  /** What the bar says when pointed at or focused. */
  text: string;
}

interface DayBarsProps {
  /** The whole chart in words. */
  summary: string;
  bars: readonly DayBar[];
  /** Text of the highest value, for the axis. */
  topText: string;
  /** Opens what is behind a bar; `hint` says how. */
  onPick?: { run: (key: string) => void; hint: string };
}

const WIDTH = 720;
const HEIGHT = 180;

/** A bar for each day. Pointing at one, or moving over them with the arrow keys, says its figures below. */
export function DayBars({ summary, bars, topText, onPick }: DayBarsProps) {
  const [shown, setShown] = useState<number | null>(null);
  const top = Math.max(...bars.map(({ value }) => value), 1e-9);
  const step = WIDTH / Math.max(1, bars.length);
  const gap = Math.min(8, step * 0.28);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const here = shown === null ? undefined : bars[shown];
    if (event.key === 'Enter' && here) onPick?.run(here.key);
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setShown((now) => Math.min(bars.length - 1, Math.max(0, (now ?? (by > 0 ? -1 : bars.length)) + by)));
  };
  return (
    <figure>
      <div className="relative">
        <span className="tnum absolute -top-1 left-0 text-subtle text-xs">{topText}</span>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move over the bars */}
        <div role="img" aria-label={summary} tabIndex={0} onKeyDown={onKeyDown} className="rounded-sm">
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className="h-44 w-full"
            aria-hidden="true"
            onPointerLeave={() => setShown(null)}
          >
            <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
            {bars.map((bar, index) => {
              const height = Math.max(bar.value > 0 ? 2 : 0, (bar.value / top) * (HEIGHT - 22));
              return (
                <g
                  key={bar.key}
                  onPointerEnter={() => setShown(index)}
                  onPointerUp={() => onPick?.run(bar.key)}
                  className={onPick ? 'cursor-pointer' : ''}
                >
                  <rect x={index * step} y="0" width={step} height={HEIGHT} fill="transparent" />
                  <rect
                    x={index * step + gap / 2}
                    y={HEIGHT - 1 - height}
                    width={step - gap}
                    height={height}
                    fill="var(--chart-1)"
                    opacity={shown === null || shown === index ? 1 : 0.45}
                  />
                </g>
              );
            })}
          </svg>
        </div>
      </div>
      <figcaption className="tnum mt-2 flex min-h-5 justify-between gap-3 text-subtle text-xs">
        {shown === null ? (
          <>
            <span>{bars[0]?.label}</span>
            <span>{bars.at(-1)?.label}</span>
          </>
        ) : (
          <span className="w-full text-center text-content" aria-live="polite">
            {bars[shown]?.text}
            {onPick && <span className="text-subtle"> · {onPick.hint}</span>}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

'use client';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { useFormat } from '@/lib/use-format';
import { type ChartColors, useChartColors } from './chart-colors';

export interface ChartSeries {
  label: string;
  values: readonly (number | null)[];
}

export interface TimeChartProps {
  /** What the chart shows, in words with the latest figures: the drawing's text alternative. */
  summary: string;
  /** Unix seconds, ascending. */
  times: readonly number[];
  series: readonly ChartSeries[];
  /** Fixed bounds of the value axis; null lets it follow the data. */
  range: readonly [number, number] | null;
  formatValue: (value: number) => string;
  height?: number;
}

/** A line chart over seconds on canvas. New data is drawn without making the chart anew; a new theme makes it anew. */
export default function TimeChart({ summary, times, series, range, formatValue, height = 220 }: TimeChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const colors = useChartColors();
  const format = useFormat();
  const labels = series.map(({ label }) => label).join('\n');
  const latest = useRef({ times, series, formatValue, format, range });
  useEffect(() => {
    latest.current = { times, series, formatValue, format, range };
    chart.current?.setData(dataOf(times, series));
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: labels stands for the number and names of the series
  useEffect(() => {
    const element = holder.current;
    if (!element || !colors) return;
    const { times: xs, series: ys } = latest.current;
    const made = new UPlot(optionsOf(element.clientWidth, height, colors, latest), dataOf(xs, ys), element);
    chart.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [colors, height, labels]);

  return (
    <div>
      <div ref={holder} role="img" aria-label={summary} style={{ height }} className="overflow-hidden" />
    </div>
  );
}

function dataOf(times: readonly number[], series: readonly ChartSeries[]): UPlot.AlignedData {
  return [times as number[], ...series.map(({ values }) => values as (number | null)[])];
}

interface Latest {
  current: Pick<TimeChartProps, 'series' | 'formatValue' | 'range'> & { format: ReturnType<typeof useFormat> };
}

function optionsOf(width: number, height: number, colors: ChartColors, latest: Latest): UPlot.Options {
  const axis: UPlot.Axis = {
    stroke: colors.text,
    font: '11px sans-serif',
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true },
      y: { range: (_, min, max) => yRange(latest.current.range, min, max) },
    },
    series: [
      {},
      ...latest.current.series.map(({ label }, index) => {
        const stroke = colors.series[index % colors.series.length] ?? colors.text;
        return { label, stroke, width: 1.5, points: { show: false }, spanGaps: false } satisfies UPlot.Series;
      }),
    ],
    axes: [
      {
        ...axis,
        values: (_, ticks) => ticks.map((tick) => latest.current.format.date(tick, 'time')),
        space: 74,
        size: 26,
      },
      { ...axis, values: (_, ticks) => ticks.map((tick) => latest.current.formatValue(tick)), size: 58 },
    ],
  };
}

function yRange(fixed: readonly [number, number] | null, min: number | null, max: number | null): [number, number] {
  if (fixed) return [fixed[0], fixed[1]];
  const [low, high] = [min ?? 0, max ?? 1];
  const room = Math.max((high - low) * 0.15, Math.abs(high) * 0.01, 1e-6);
  return [Math.max(0, low - room), high + room];
}

'use client';
import { useEffect, useState } from 'react';

/** Tokens that a canvas needs as real colours. */
export interface ChartColors {
  line: string;
  text: string;
  series: readonly string[];
}

const SERIES = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-rest'];

function readColors(): ChartColors {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const colorOf = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colors = { line: colorOf('--line'), text: colorOf('--muted'), series: SERIES.map(colorOf) };
  probe.remove();
  return colors;
}

/** The present theme's colours, read again when the theme changes by choice or with the system. */
export function useChartColors(): ChartColors | null {
  const [colors, setColors] = useState<ChartColors | null>(null);
  useEffect(() => {
    const read = () => setColors(readColors());
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', read);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', read);
    };
  }, []);
  return colors;
}

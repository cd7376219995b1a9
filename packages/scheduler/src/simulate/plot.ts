import type { SimResult } from './measures';

interface Line {
  name: string;
  color: string;
  values: readonly number[];
}

const WIDTH = 900;
const HEIGHT = 180;
const LEFT = 70;
const TOP = 34;
const GAP = 60;

/** The course of a simulation as a picture: allocation, queue, fragmentation over time, and shares against entitlements. */
export function plotResult(result: SimResult, title: string): string {
  const hours = result.series.map((one) => one.atS / 3_600);
  const panels = [
    chart('Accelerators', hours, [
      { name: 'working', color: '#94a3b8', values: result.series.map((one) => one.usable) },
      { name: 'allocated', color: '#2563eb', values: result.series.map((one) => one.allocated) },
    ]),
    chart('Accelerators asked for by waiting requests', hours, [
      { name: 'waiting', color: '#d97706', values: result.series.map((one) => one.waitingDevices) },
    ]),
    chart('Free accelerators on broken nodes', hours, [
      { name: 'fragmented', color: '#dc2626', values: result.series.map((one) => one.fragmented) },
    ]),
    shares(result),
  ];
  const height = TOP + panels.length * (HEIGHT + GAP);
  const placed = panels.map((panel, at) => `<g transform="translate(0 ${TOP + at * (HEIGHT + GAP)})">${panel}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH + LEFT + 20} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(LEFT, 20, title, 'font-size="15" font-weight="bold"'),
    ...placed,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function text(x: number, y: number, words: string, rest = ''): string {
  return `<text x="${x}" y="${y}" ${rest}>${escaped(words)}</text>`;
}

function frame(title: string, most: number): string[] {
  const marks = [0, 0.5, 1].map((part) => {
    const y = HEIGHT * (1 - part);
    const label = most * part >= 10 ? String(Math.round(most * part)) : (most * part).toPrecision(2);
    return `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y}" y2="${y}" stroke="#e2e8f0"/>${text(LEFT - 6, y + 4, label, 'text-anchor="end" fill="#475569"')}`;
  });
  return [text(LEFT, -6, title, 'font-weight="bold"'), ...marks];
}

function chart(title: string, hours: readonly number[], lines: readonly Line[]): string {
  const most = Math.max(1, ...lines.flatMap((line) => line.values));
  const [first, last] = [hours[0] ?? 0, hours.at(-1) ?? 1];
  const x = (hour: number) => LEFT + ((hour - first) / Math.max(1, last - first)) * WIDTH;
  const drawn = lines.map((line, at) => {
    const points = line.values.map(
      (value, i) => `${x(hours[i]!).toFixed(1)},${(HEIGHT * (1 - value / most)).toFixed(1)}`,
    );
    const legend = text(LEFT + WIDTH - 90 * (lines.length - at), -6, line.name, `fill="${line.color}"`);
    return `<polyline fill="none" stroke="${line.color}" stroke-width="1.5" points="${points.join(' ')}"/>${legend}`;
  });
  const days = text(
    LEFT + WIDTH,
    HEIGHT + 16,
    `${((last - first) / 24).toFixed(1)} days`,
    'text-anchor="end" fill="#475569"',
  );
  return [...frame(title, most), ...drawn, days].join('');
}

function shares(result: SimResult): string {
  const most = Math.max(1e-9, ...result.fairness.flatMap((one) => [one.delivered, one.entitled]));
  const step = WIDTH / Math.max(1, result.fairness.length);
  const bars = result.fairness.map((one, at) => {
    const x = LEFT + at * step;
    const height = (HEIGHT * one.delivered) / most;
    const mark = HEIGHT * (1 - one.entitled / most);
    const bar = `<rect x="${(x + step * 0.15).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step * 0.7).toFixed(1)}" height="${height.toFixed(1)}" fill="#60a5fa"><title>${escaped(one.nodeId)}</title></rect>`;
    return `${bar}<line x1="${x.toFixed(1)}" x2="${(x + step).toFixed(1)}" y1="${mark.toFixed(1)}" y2="${mark.toFixed(1)}" stroke="#111827" stroke-width="2"/>`;
  });
  return [...frame('Share of the fleet by organisation: delivered (bar) and entitled (line)', most), ...bars].join('');
}

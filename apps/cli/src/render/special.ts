import type { OperationId } from '@suanxiang/contract/routes';
import type { logs, metrics } from '@suanxiang/contract/schemas/workload';
import type { z } from 'zod';
import { fieldLabel } from '../labels';
import { renderTable } from './table';
import { instant, percent, type RenderOptions, sparkline, valueText } from './values';

type Logs = z.infer<typeof logs>;
type Metrics = z.infer<typeof metrics>;

const SPARK_SECONDS = 60;

/** Operations whose answer is neither a list nor a record for people. */
export const SPECIAL: Partial<Record<OperationId, (answer: never, options: RenderOptions) => string>> = {
  getInstanceLogs: renderLogs,
  getClusterLogs: renderLogs,
  getInstanceMetrics: renderMetrics,
  getClusterMetrics: renderMetrics,
};

function renderLogs(answer: Logs, options: RenderOptions): string {
  if (answer.lines.length === 0) return `${options.say('empty')}\n`;
  return answer.lines
    .map((line) => `${instant(Date.parse(line.at))}  ${valueText('text', line.text, options)}\n`)
    .join('');
}

/** Per node: the newest values, and the last minute of utilization as bars. */
function renderMetrics(answer: Metrics, options: RenderOptions): string {
  if (answer.series.length === 0) return `${options.say('empty')}\n`;
  const title = (field: string) => fieldLabel(field, options.locale).toLocaleUpperCase(options.locale);
  const rows = answer.series.map((series) => {
    const newest = <T>(values: (T | null)[]) => values.findLast((value) => value !== null) ?? null;
    const ppm = newest(series.utilization_ppm);
    const memory = newest(series.memory_used_bytes);
    const power = newest(series.power_milliwatt);
    const heat = newest(series.temperature_milli_celsius);
    const lastS = series.at_s.at(-1);
    return [
      String(series.rank),
      lastS === undefined ? '-' : instant(lastS * 1000),
      ppm === null ? '-' : percent(ppm),
      memory === null ? '-' : `${(memory / 2 ** 30).toFixed(1)} GiB`,
      power === null ? '-' : `${(power / 1000).toFixed(0)} W`,
      heat === null ? '-' : `${(heat / 1000).toFixed(1)} °C`,
      sparkline(series.utilization_ppm.slice(-SPARK_SECONDS)),
    ];
  });
  const right = 'right' as const;
  const columns = [
    { title: title('rank'), align: right },
    { title: title('at'), align: 'left' as const },
    { title: title('utilization_ppm'), align: right },
    { title: title('memory_used_bytes'), align: right },
    { title: title('power_milliwatt'), align: right },
    { title: title('temperature_milli_celsius'), align: right },
    { title: `${SPARK_SECONDS} s`, align: 'left' as const },
  ];
  return renderTable(columns, rows, { limit: options.columns, color: options.color });
}

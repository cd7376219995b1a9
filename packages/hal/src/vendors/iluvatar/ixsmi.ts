import { SMI_CSV_MAPPING } from '../nvidia/smi-csv';
import { parseSmiXml } from '../nvidia/smi-xml';
import { columnName, readCsv } from '../shared/csv';
import { parseDeviceTable } from '../shared/device-table';
import { parseQueryCsv } from '../shared/query-csv';
import type { ParseContext, RawReading } from '../shared/tool';

const COLUMNS = new Set(SMI_CSV_MAPPING.map(({ from }) => from));

/** `ixsmi`: the table, `-q -x`, or `--query-gpu ... --format=csv`; all three are made like nvidia-smi's. */
export function parseIxsmi(text: string, context: ParseContext): RawReading {
  if (/<\?xml|<\w*smi_log/i.test(text)) return parseSmiXml(text, context);
  const isTable = text.split('\n').some((line) => line.trim().startsWith('|'));
  if (!isTable && readCsv(text, (cells) => cells.some((cell) => COLUMNS.has(columnName(cell).name)))) {
    return parseQueryCsv(text, context, SMI_CSV_MAPPING);
  }
  return parseDeviceTable(text, context, {
    heading: /\bGPU\b.*\bName\b/i,
    toolVersion: /IX-?(?:ML|SMI)\s*:?\s*([\d.]+)/i,
    runtimeVersion: /CUDA Version:\s*([\d.]+)/i,
  });
}

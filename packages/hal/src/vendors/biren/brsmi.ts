import { SMI_CSV_MAPPING } from '../nvidia/smi-csv';
import { columnName, readCsv } from '../shared/csv';
import { parseDeviceTable } from '../shared/device-table';
import { parseQueryCsv } from '../shared/query-csv';
import type { ParseContext, RawReading } from '../shared/tool';

const COLUMNS = new Set(SMI_CSV_MAPPING.map(({ from }) => from));

/** `brsmi`, and `brsmi gpu --query-gpu ... --format=csv`; both follow nvidia-smi. */
export function parseBrsmi(text: string, context: ParseContext): RawReading {
  const isTable = text.split('\n').some((line) => line.trim().startsWith('|'));
  if (!isTable && readCsv(text, (cells) => cells.some((cell) => COLUMNS.has(columnName(cell).name)))) {
    return parseQueryCsv(text, context, SMI_CSV_MAPPING);
  }
  return parseDeviceTable(text, context, {
    heading: /\bGPU\b.*\bName\b/i,
    toolVersion: /BR-?SMI\s*:?\s*(?:Version:\s*)?v?([\d.]+)/i,
    runtimeVersion: /SUPA Version:\s*([\d.]+)/i,
  });
}

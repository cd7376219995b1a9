import { cellUnder } from '../shared/box-table';
import { parseDeviceTable } from '../shared/device-table';
import type { ParseContext, RawReading } from '../shared/tool';

const HEADING = /\bGPU\b.*\bNAME\b|\bBoard\b.*\bName\b/i;
/** Newer tables number boards first and dies after; the die is the device. */
const BOARD = /^\W*Board\b/i;

/** `mx-smi` (also as ht-smi on rebadged boards) and `mx-smi topo -m`. */
export function parseMxSmi(text: string, context: ParseContext): RawReading {
  return parseDeviceTable(text, context, {
    heading: HEADING,
    toolVersion: /(?:MX|HT)-SMI\s+(?:version:\s*)?([\d.]+)/i,
    driverVersion: /(?:Kernel Mode )?Driver Version:\s*([\w.+-]+)/i,
    runtimeVersion: /(?:MACA|HPCC|HTCC|Runtime) Version:\s*([\w.+-]+)/i,
    record: (draft, table, record) => {
      if (BOARD.test(table.heading[0]?.[0] ?? '')) {
        draft.set('index', /^\d+/.exec(cellUnder(table, record, /^GPU\b/) ?? '')?.[0], 'count');
      }
      const bios = /BIOS Version:\s*([\w.]+)/i.exec(table.banner.join('\n'))?.[1];
      draft.set('firmware_version', bios, 'text');
      const state = cellUnder(table, record, /GPU-State|\bState\b/i) ?? '';
      if (/^available\b/i.test(state)) draft.vendorHealth = 'ok';
      else if (/unavailable|fault|error|lost|abnormal/i.test(state)) draft.faults.add('gpu-unavailable');
    },
  });
}

import { parseDeviceTable } from '../shared/device-table';
import type { ParseContext, RawReading } from '../shared/tool';

/** `hl-smi` without arguments: Gaudi's table. */
export const parseHlSmi = (text: string, context: ParseContext): RawReading =>
  parseDeviceTable(text, context, {
    heading: /\b(?:AIP|HPU|GPU)\b.*\bName\b/i,
    toolVersion: /HL-SMI Version:\s*(?:hl-)?([\w.-]+)/i,
    driverVersion: /Driver Version:\s*([\w.-]+)/i,
  });

import { type DeviceTableOptions, parseDeviceTable } from '../shared/device-table';
import { addLost } from '../shared/lost';
import type { ParseContext, RawReading } from '../shared/tool';

const OPTIONS: DeviceTableOptions = {
  heading: /\bGPU\b.*\bName\b/i,
  toolVersion: /NVIDIA-SMI\s+([\d.]+)/i,
  runtimeVersion: /CUDA Version:\s*([\d.]+)/i,
};

/** `nvidia-smi` without arguments. */
export function parseSmiTable(text: string, context: ParseContext): RawReading {
  const raw = parseDeviceTable(text, context, OPTIONS);
  addLost(raw.drafts, text, context);
  return raw;
}

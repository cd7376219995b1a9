import { faultReading } from '../../faults/catalogue';
import type { LoggedFault } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { pciKey } from '../shared/values';

const XID = /NVRM: Xid \((?:PCI:)?([0-9a-f:.]{4,20})[^)]{0,60}\):\s*(\d{1,4})/i;
const SXID = /SXid \((?:PCI:)?([0-9a-f:.]{4,20})[^)]{0,60}\):\s*(\d{1,6}),\s*(Non-fatal|Fatal)?/i;
const GPU_AT = /NVRM: GPU at (?:PCI:)?([0-9a-f:.]{4,20}):\s*(GPU-[0-9a-f-]{8,})/i;
const SERIAL = /NVRM: GPU Board Serial Number:\s*(\w+)/i;
const KERNEL_LINE =
  /^(?:<\d+>)?\s*\[\s*[\d.]+\]|^\[[A-Z][a-z]{2} [A-Z][a-z]{2} |^[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d |^\d{4}-\d\d-\d\dT|^kern\s*:|\bkernel:/;

interface Identity {
  uuid: string | null;
  serial: string | null;
}

/** What the log says about who is at which address: the driver prints it before the first XID of a device. */
function identities(lines: readonly string[]): Map<string, Identity> {
  const known = new Map<string, Identity>();
  let last: Identity | null = null;
  for (const line of lines) {
    const at = GPU_AT.exec(line);
    if (at) {
      last = { uuid: at[2]!, serial: null };
      known.set(pciKey(at[1]!), last);
    }
    const serial = SERIAL.exec(line);
    if (serial && last) last.serial ??= serial[1]!;
  }
  return known;
}

/** A kernel log: faults that the driver reported, each device and code once with its count. It lists no devices. */
export function parseDmesgXid(text: string, context: ParseContext): RawReading {
  const lines = text.split('\n').filter((line) => line.length < 4000);
  const known = identities(lines);
  const faults = new Map<string, LoggedFault>();
  const add = (pci: string, code: string, reading: string) => {
    const key = `${pciKey(pci)} ${code}`;
    const found = faults.get(key);
    if (found) found.count += 1;
    else {
      const identity = known.get(pciKey(pci)) ?? { uuid: null, serial: null };
      faults.set(key, { ...faultReading('nvidia', reading), code, pci, ...identity, count: 1 });
    }
  };
  for (const line of lines) {
    const xid = XID.exec(line);
    if (xid) add(xid[1]!, xid[2]!, xid[2]!);
    const sxid = SXID.exec(line);
    if (sxid) add(sxid[1]!, `SXid ${sxid[2]}`, /^fatal$/i.test(sxid[3] ?? '') ? 'SXid-fatal' : 'SXid-non-fatal');
  }
  if (faults.size === 0 && !lines.some((line) => KERNEL_LINE.test(line))) context.fail('the input is no kernel log');
  return { drafts: [], logged: [...faults.values()] };
}

import { concludeDevice, loggedFaults } from './shared/conclude';
import { keepLatest } from './shared/latest';
import { Notes } from './shared/notes';
import { type ToolReading, UnreadableInput } from './shared/reading';
import { cleanText, dropPrompts, failureLine } from './shared/text';
import type { ParseContext, RawReading } from './shared/tool';
import { TOOL_NAMES, TOOLS } from './tools';

/** Banners that tell which tool printed an output; a tool that a banner does not name cannot have printed it. */
const BANNERS: readonly [pattern: RegExp, tools: RegExp][] = [
  [/\bNVIDIA-SMI \d/, /^nvidia-smi/],
  [/<nvidia_smi_log>/, /^(?:nvidia-smi-xml|ixsmi)$/],
  [/\bnpu-smi [\w.]+\s+Version:/, /^npu-smi/],
  [/\bCNMON v\d/, /^cnmon/],
  [/\bHL-SMI Version:/, /^hl-smi/],
  [/\bXPU-SMI\s+Driver Version:/, /^xpu-smi/],
  [/\bIX-ML:/, /^ixsmi/],
  [/\bMX-SMI \d/, /^mx-smi/],
  [/\bmthreads-gmi:\d/, /^mthreads-gmi/],
  [/\bEFSMI\b/, /^efsmi/],
  [/\bROCm System Management Interface\b/, /^rocm-smi/],
];

function refuseOtherTools(text: string, context: ParseContext): void {
  const top = text.slice(0, 4000);
  const banner = BANNERS.find(([pattern]) => pattern.test(top));
  if (banner && !banner[1].test(context.tool)) {
    const named = TOOL_NAMES.filter((name) => banner[1].test(name)).join(' or ');
    context.fail(`the input is the output of another tool (try ${named})`);
  }
}

function readRaw(text: string, context: ParseContext): RawReading {
  const failure = failureLine(text);
  try {
    refuseOtherTools(text, context);
    const raw = TOOLS[context.tool]!.parse(text, context);
    if (failure) context.notes.add(`The driver or the tool says: "${failure.slice(0, 160)}".`);
    return raw;
  } catch (error) {
    if (!(error instanceof UnreadableInput) || !failure) throw error;
    throw new UnreadableInput(`${context.tool}: the tool or its driver failed: "${failure.slice(0, 160)}".`);
  }
}

/**
 * Reads the output of a vendor's tool into the one telemetry schema. Throws UnreadableInput, with one sentence that
 * names the tool, when nothing can be read.
 */
export function parseToolOutput(tool: string, input: string): ToolReading {
  const spec = Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined;
  if (!spec) throw new UnreadableInput(`${tool}: no such tool; the tools are ${TOOL_NAMES.join(', ')}.`);
  const notes = new Notes();
  const context: ParseContext = {
    tool,
    notes,
    fail: (reason) => {
      throw new UnreadableInput(`${tool}: ${reason}.`);
    },
  };
  const text = dropPrompts(cleanText(input, tool, notes), notes);
  if (text.trim() === '') context.fail('the input is empty');
  const raw = readRaw(text, context);
  const devices = keepLatest(
    raw.drafts.map((draft) => concludeDevice(draft, spec.vendor)),
    notes,
  );
  return {
    vendor: spec.vendor,
    tool,
    tool_version: raw.tool_version ?? null,
    driver_version: raw.driver_version ?? null,
    devices: devices.map((device) => ({
      ...device,
      driver_version: device.driver_version ?? raw.driver_version ?? null,
    })),
    topology: raw.links ? { links: raw.links } : null,
    faults: [...(raw.logged ?? []), ...loggedFaults(devices)],
    warnings: notes.list(),
  };
}

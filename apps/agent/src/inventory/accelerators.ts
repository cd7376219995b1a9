import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { ACCELERATOR_VENDORS } from '@suanxiang/domain/accelerator-vendors';
import { ACCELERATOR_MODELS, type AcceleratorModel } from '@suanxiang/domain/accelerators';
import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import type { DeviceReading } from '@suanxiang/hal/vendors/shared/reading';
import type { OfferedDevice, ReadDevices } from '../engine/node';
import { HOST_TOOLS, type HostTool } from './tools';

/** A vendor's tool that takes longer hangs on a broken device. */
export const TOOL_LIMIT_MS = 10_000;

function ask(tool: HostTool): DeviceReading[] | null {
  const [program, ...args] = tool.command;
  try {
    const text = execFileSync(program, args, {
      encoding: 'utf8',
      timeout: TOOL_LIMIT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64e6,
    });
    return parseToolOutput(tool.parser, text).devices;
  } catch {
    // Not installed, no driver, or an output that cannot be read: this vendor has nothing here.
    return null;
  }
}

const run = promisify(execFile);

/** Asks a host's tool again, without holding up the seconds of what runs meanwhile. */
export function deviceReader(tool: HostTool | null): ReadDevices {
  return async () => {
    if (!tool) return null;
    const [program, ...args] = tool.command;
    try {
      const { stdout } = await run(program, args, { encoding: 'utf8', timeout: TOOL_LIMIT_MS, maxBuffer: 64e6 });
      return parseToolOutput(tool.parser, stdout).devices;
    } catch {
      return null;
    }
  };
}

const words = (name: string) => name.toLowerCase().split(/[^a-z0-9]+/);

/** The model of the catalogue that a tool's reading is of: its vendor's, with its name and about its memory. */
export function modelOf(tool: HostTool, reading: DeviceReading): AcceleratorModel | null {
  const total = reading.memory_total_bytes ?? 0;
  const named = words(reading.model ?? '');
  const fits = ACCELERATOR_MODELS.filter(({ id, vendorClass, memoryBytes }) => {
    // The second word of an id is the model: nvidia-h100-80g.
    const model = id.split('-')[1]!;
    // Drivers keep some memory for themselves, so tools tell a little less than the data sheet.
    return (
      vendorClass === tool.vendorClass &&
      named.includes(model) &&
      total > memoryBytes * 0.85 &&
      total < memoryBytes * 1.1
    );
  });
  return fits[0] ?? null;
}

/** What a reading is called by the driver contract: the vendor's own name, else its place on this host. */
export function readingId(nodeId: string, reading: DeviceReading, position: number): string {
  return reading.uuid ?? reading.serial ?? `${nodeId}:${reading.pci ?? reading.index ?? position}`;
}

/** Accelerators as the driver contract names them; those that the catalogue does not know are not offered. */
export function offeredDevices(nodeId: string, tool: HostTool, readings: readonly DeviceReading[]): OfferedDevice[] {
  const vendor = ACCELERATOR_VENDORS[tool.vendorClass];
  return readings.flatMap((reading, position) => {
    const model = modelOf(tool, reading);
    if (!model) return [];
    const index = reading.index ?? position;
    const uuid = readingId(nodeId, reading, position);
    const value = tool.visibleBy === 'uuid' ? uuid : String(index);
    return [
      {
        deviceId: uuid,
        index,
        modelId: model.id,
        uuid,
        pci: reading.pci ?? '',
        memoryBytes: model.memoryBytes,
        island: 0,
        health: reading.health,
        nodes: vendor.deviceNodes.map((node) => node.replace('{n}', String(index))).filter((node) => existsSync(node)),
        visible: vendor.visibleDevicesEnv === null ? null : { variable: vendor.visibleDevicesEnv, value },
      },
    ];
  });
}

/** The tool of this host's vendor, and what it sees. */
export function findTool(): { tool: HostTool; readings: DeviceReading[] } | null {
  for (const tool of HOST_TOOLS) {
    const readings = ask(tool);
    if (readings && readings.length > 0) return { tool, readings };
  }
  return null;
}

import type { VendorClass } from '@suanxiang/domain/accelerator-vendors';
import { acceleratorModel } from '@suanxiang/domain/accelerators';
import type { DeviceNow, MachineNow } from './machine';

/** Thrown for what the tool cannot do here, in its own words. */
export class ToolError extends Error {}

const MIB = 1024 ** 2;
const mib = (bytes: number) => Math.round(bytes / MIB);
const percent = (ppm: number) => Math.round(ppm / 10_000);
const celsius = (device: DeviceNow) => Math.round(device.temperatureMilliCelsius / 1_000);
const watts = (device: DeviceNow) =>
  device.powerMilliwatt === null ? null : Math.round(device.powerMilliwatt / 1_000);
const modelName = (device: DeviceNow) => acceleratorModel(device.modelId).name.en;
const isLost = ({ health }: DeviceNow) => health === 'failed' || health === 'unknown';

/** Name of a model without its maker, as tools print it. */
const shortName = (device: DeviceNow) => modelName(device).replace(/^(Huawei |NVIDIA |AMD )/, '');

const right = (text: string | number, width: number) => String(text).padStart(width);
const left = (text: string, width: number) => text.slice(0, width).padEnd(width);

const LINE = '-----------------------------------------+------------------------+----------------------';

function nvidiaRow(device: DeviceNow): string[] {
  const power = watts(device);
  const limit = acceleratorModel(device.modelId).powerW;
  const usage = `${power === null ? 'N/A' : `${power}W`} / ${limit === null ? 'N/A' : `${limit}W`}`;
  const memory = `${right(`${mib(device.memoryUsedBytes)}MiB`, 8)} / ${right(`${mib(device.memoryBytes)}MiB`, 9)}`;
  const name = left(`NVIDIA ${shortName(device)}`, 26);
  return [
    `| ${right(device.index, 3)}  ${name}      On  |   0000${device.pci} Off |                    0 |`,
    `| N/A  ${right(`${celsius(device)}C`, 4)}    P0    ${right(usage, 21)} |${right(memory, 23)} |${right(`${percent(device.utilizationPpm)}%`, 8)}      Default |`,
    `|                                         |                        |             Disabled |`,
    `+${LINE}+`,
  ];
}

function nvidiaTable({ devices, node, nowMs }: MachineNow): string {
  const runtime = node.runtimeVersion.replace('CUDA ', '');
  const lost = devices.find(isLost);
  if (lost) {
    throw new ToolError(
      `Unable to determine the device handle for GPU${lost.index}: 0000${lost.pci}: GPU is lost.  Reboot the system to recover this GPU`,
    );
  }
  const banner = `NVIDIA-SMI ${left(node.driverVersion, 22)} Driver Version: ${left(node.driverVersion, 14)} CUDA Version: ${runtime}`;
  return [
    new Date(nowMs).toUTCString(),
    `+${'-'.repeat(LINE.length)}+`,
    `| ${left(banner, LINE.length - 1)}|`,
    `|${LINE}+`,
    '| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |',
    '| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |',
    '|                                         |                        |               MIG M. |',
    `|${LINE.replaceAll('-', '=')}|`,
    ...devices.flatMap(nvidiaRow),
    '',
  ].join('\n');
}

const NVIDIA_FIELDS: Record<string, (device: DeviceNow, machine: MachineNow) => string> = {
  index: ({ index }) => String(index),
  name: (device) => `NVIDIA ${shortName(device)}`,
  uuid: ({ uuid }) => uuid,
  'pci.bus_id': ({ pci }) => `0000${pci}`,
  driver_version: (_, { node }) => node.driverVersion,
  'memory.total': ({ memoryBytes }) => `${mib(memoryBytes)} MiB`,
  'memory.used': ({ memoryUsedBytes }) => `${mib(memoryUsedBytes)} MiB`,
  'utilization.gpu': ({ utilizationPpm }) => `${percent(utilizationPpm)} %`,
  'temperature.gpu': (device) => String(celsius(device)),
  'power.draw': (device) =>
    device.powerMilliwatt === null ? '[N/A]' : `${(device.powerMilliwatt / 1_000).toFixed(2)} W`,
};

function nvidiaQuery(machine: MachineNow, names: string[]): string {
  const unknown = names.find((name) => !(name in NVIDIA_FIELDS));
  if (unknown !== undefined) throw new ToolError(`Field "${unknown}" is not a valid field to query.`);
  const rows = machine.devices.map((device) => names.map((name) => NVIDIA_FIELDS[name]!(device, machine)).join(', '));
  return [names.join(', '), ...rows, ''].join('\n');
}

function nvidiaSmi(machine: MachineNow, args: readonly string[]): string {
  if (args.length === 0) return nvidiaTable(machine);
  if (args[0] === '-L')
    return machine.devices.map((one) => `GPU ${one.index}: NVIDIA ${shortName(one)} (UUID: ${one.uuid})\n`).join('');
  const query = args.find((arg) => arg.startsWith('--query-gpu='));
  if (query && args.some((arg) => arg.startsWith('--format=csv')))
    return nvidiaQuery(machine, query.slice(12).split(','));
  throw new ToolError('Here: nvidia-smi, nvidia-smi -L, nvidia-smi --query-gpu=FIELDS --format=csv');
}

const NPU_LINE = '---------------------------+---------------+----------------------------------------------------';

function npuRows(device: DeviceNow): string[] {
  const health = isLost(device) ? 'Critical' : 'OK';
  const power = device.powerMilliwatt === null ? '-' : (device.powerMilliwatt / 1_000).toFixed(1);
  const memory = `${right(mib(device.memoryUsedBytes), 5)}/ ${left(String(mib(device.memoryBytes)), 6)}`;
  return [
    `| ${left(String(device.index), 6)}${left(shortName(device).replace(/^Ascend /, ''), 20)}| ${left(health, 14)}| ${left(power, 12)}${left(String(celsius(device)), 18)}0    / 0             |`,
    `| ${left('0', 26)}| ${left(device.pci.toUpperCase(), 14)}| ${left(String(percent(device.utilizationPpm)), 12)}0    / 0          ${memory}        |`,
    `+${NPU_LINE.replaceAll('-', '=')}+`,
  ];
}

function npuSmi({ devices, node }: MachineNow, args: readonly string[]): string {
  if (args.length !== 1 || args[0] !== 'info') throw new ToolError('Here: npu-smi info');
  const banner = `npu-smi ${left(node.driverVersion, 24)} Version: ${node.driverVersion}`;
  return [
    `+${'-'.repeat(NPU_LINE.length)}+`,
    `| ${left(banner, NPU_LINE.length - 1)}|`,
    `+${NPU_LINE}+`,
    '| NPU   Name                | Health        | Power(W)    Temp(C)           Hugepages-Usage(page)|',
    '| Chip                      | Bus-Id        | AICore(%)   Memory-Usage(MB)  HBM-Usage(MB)        |',
    `+${NPU_LINE.replaceAll('-', '=')}+`,
    ...devices.flatMap(npuRows),
    '',
  ].join('\n');
}

function rocmSmi({ devices }: MachineNow, args: readonly string[]): string {
  if (!args.includes('--json')) throw new ToolError('Here: rocm-smi -a --json');
  const cards = devices.map((device) => [
    `card${device.index}`,
    {
      'Unique ID': device.uuid,
      'PCI Bus': device.pci.toUpperCase(),
      'Card Series': `AMD ${shortName(device)}`,
      'GPU use (%)': String(percent(device.utilizationPpm)),
      'VRAM Total Memory (B)': String(device.memoryBytes),
      'VRAM Total Used Memory (B)': String(device.memoryUsedBytes),
      'Temperature (Sensor edge) (C)': String(celsius(device)),
      'Average Graphics Package Power (W)': device.powerMilliwatt === null ? 'N/A' : String(watts(device)),
    },
  ]);
  return `${JSON.stringify(Object.fromEntries(cards))}\n`;
}

/** Every device as the simulation has it, whatever its vendor. */
export function deviceList({ devices }: MachineNow): string {
  const rows = devices.map((device) => [
    String(device.index),
    modelName(device),
    device.health + (device.vendorCode === null ? '' : ` (${device.vendorCode})`),
    `${percent(device.utilizationPpm)}%`,
    `${mib(device.memoryUsedBytes)}/${mib(device.memoryBytes)} MiB`,
    watts(device) === null ? '-' : `${watts(device)} W`,
    `${celsius(device)} C`,
    device.pci,
    device.uuid,
  ]);
  const table = [['#', 'MODEL', 'HEALTH', 'UTIL', 'MEMORY', 'POWER', 'TEMP', 'PCI', 'UUID'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** The vendors' tools whose output the simulation can write from the state of its devices. */
export const VENDOR_TOOLS: Record<
  string,
  { vendorClass: VendorClass; print: (machine: MachineNow, args: readonly string[]) => string }
> = {
  'nvidia-smi': { vendorClass: 'nvidia', print: nvidiaSmi },
  'npu-smi': { vendorClass: 'ascend', print: npuSmi },
  'rocm-smi': { vendorClass: 'amd', print: rocmSmi },
};

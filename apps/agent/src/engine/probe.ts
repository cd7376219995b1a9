import { availableParallelism, totalmem } from 'node:os';
import { acceleratorModel } from '@suanxiang/domain/accelerators';
import { DriverError, type ProbeFinding, type ProbeReport } from '@suanxiang/hal/driver';
import { SEVERITY_FACTS } from '@suanxiang/hal/faults/severity';
import type { DeviceReading } from '@suanxiang/hal/vendors/shared/reading';
import { steadyMs } from '@suanxiang/platform/clock';
import { readingId } from '../inventory/accelerators';
import { type Caller, fence, known } from './commands';
import type { NodeContext, OfferedDevice } from './node';

/** Drivers keep some memory for themselves, so tools tell a little less than the data sheet. */
const LEAST_MEMORY = 0.85;
const MEMORY_TEST_BYTES = 16 * 2 ** 20;
const SIDE = 64;
const RIGHT_SUM = productSum();

const finding = (
  check: ProbeFinding['check'],
  deviceId: string | null,
  passed: boolean | null,
  code: string,
  detail: string,
): ProbeFinding => ({ check, deviceId, passed, code: passed === false ? code : null, detail });

/** The sum of (i + k)(k - j) over i, j and k in closed form: what computeSum must give. */
function productSum(): number {
  const n = SIDE;
  const ones = (n * (n - 1)) / 2;
  const squares = ((n - 1) * n * (2 * n - 1)) / 6;
  // (i + k)(k - j) = ik - ij + kk - kj: over the same range for all three, ik and kj cancel out.
  return n * n * squares - n * ones * ones;
}

/** Multiplies two matrices of small whole numbers, which is exact, and adds the result up. */
function computeSum(): number {
  const product = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < SIDE; i += 1)
    for (let j = 0; j < SIDE; j += 1) for (let k = 0; k < SIDE; k += 1) product[i * SIDE + j]! += (i + k) * (k - j);
  return product.reduce((sum, value) => sum + value, 0);
}

/** Fills memory with a pattern, copies it and compares: what it read back, and how fast. */
function memoryTest(): { sound: boolean; bytesPerSecond: number } {
  const from = Buffer.alloc(MEMORY_TEST_BYTES, 'suanxiang-memory');
  const beganMs = steadyMs();
  const to = Buffer.from(from);
  const sound = to.equals(from);
  return { sound, bytesPerSecond: (2 * MEMORY_TEST_BYTES * 1000) / Math.max(0.001, steadyMs() - beganMs) };
}

/** A share of the processors: are there enough of them and of memory for all shares, and do they compute and remember rightly? */
function probeShares({ host }: NodeContext, devices: readonly OfferedDevice[]): ProbeFinding[] {
  const processors = availableParallelism();
  const needed = host.devices.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  const total = totalmem();
  const { sound, bytesPerSecond } = memoryTest();
  const right = computeSum() === RIGHT_SUM;
  const speed = `${(bytesPerSecond / 1e9).toFixed(1)} GB/s copied`;
  return [
    finding('device_count', null, processors >= host.vcpus, 'count-low', `${processors} of ${host.vcpus} processors`),
    finding(
      'memory',
      null,
      sound && total >= Math.min(needed, host.memoryBytes) * LEAST_MEMORY,
      'memory-low',
      `${total} bytes, ${sound ? speed : 'a pattern came back changed'}`,
    ),
    ...devices.map(({ deviceId }) =>
      finding('compute', deviceId, right, 'compute-wrong', right ? 'the product is right' : 'the product is wrong'),
    ),
    finding('links', null, null, 'link-down', 'shares of processors have no links'),
  ];
}

function probeDevice(device: OfferedDevice, reading: DeviceReading): ProbeFinding[] {
  const { deviceId } = device;
  const { memoryBytes } = acceleratorModel(device.modelId);
  const { memory_total_bytes: total, link_up: up, link_total: links, faults, health } = reading;
  const worst = faults.find(({ severity }) => SEVERITY_FACTS[severity].drains);
  const sound = health === 'failed' ? false : health === 'unknown' ? null : worst === undefined;
  return [
    finding(
      'memory',
      deviceId,
      total === null ? null : total >= memoryBytes * LEAST_MEMORY,
      'memory-low',
      `${total} bytes`,
    ),
    finding('compute', deviceId, sound, worst?.code ?? 'vendor-alarm', worst?.meaning ?? `the tool says ${health}`),
    finding(
      'links',
      deviceId,
      up === null || links === null ? null : up >= links,
      'link-down',
      `${up} of ${links} links`,
    ),
  ];
}

/** Accelerators, as the vendor's tool sees them now. */
function probeAccelerators(
  { host }: NodeContext,
  devices: readonly OfferedDevice[],
  readings: readonly DeviceReading[] | null,
): ProbeFinding[] {
  if (readings === null) {
    const silent = "the vendor's tool does not answer";
    return devices.map(({ deviceId }) => finding('device_count', deviceId, false, 'lost', silent));
  }
  const found = new Map(readings.map((reading, i) => [readingId(host.nodeId, reading, i), reading]));
  const gone = devices.filter(({ deviceId }) => !found.has(deviceId));
  const count = `${devices.length - gone.length} of ${devices.length} devices answer`;
  return [
    ...(gone.length === 0
      ? [finding('device_count', null, true, 'count-low', count)]
      : gone.map(({ deviceId }) => finding('device_count', deviceId, false, 'count-low', count))),
    ...devices.flatMap((device) => {
      const reading = found.get(device.deviceId);
      return reading ? probeDevice(device, reading) : [];
    }),
  ];
}

/** Checks this host and the devices of a prepared allocation. Measures anew each time; nothing is kept but the epoch. */
export async function probe(ctx: NodeContext, id: string, { epoch }: Caller): Promise<ProbeReport> {
  fence(ctx, known(ctx, id), epoch);
  const { state, spec } = known(ctx, id);
  if (state !== 'prepared') throw new DriverError('conflict', `allocation ${id} is ${state}`);
  const devices = ctx.host.devices.filter(({ deviceId }) => spec.deviceIds.includes(deviceId));
  const shares = devices.every(({ visible, nodes }) => visible === null && nodes.length === 0);
  if (shares) return { clockMs: ctx.clock.nowMs(), findings: probeShares(ctx, devices) };
  const findings = probeAccelerators(ctx, devices, await ctx.readDevices());
  return { clockMs: ctx.clock.nowMs(), findings };
}

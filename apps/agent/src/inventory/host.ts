import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem } from 'node:os';
import { acceleratorModel } from '@suanxiang/domain/accelerators';
import type { Host, OfferedDevice } from '../engine/node';

const CPU_MODEL = acceleratorModel('cpu-small-2g');

/** The host's own id, which outlives re-installs of the agent; its name where there is none. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim() || hostname();
  } catch {
    return hostname();
  }
}

/** Shares of a host's processors and memory that can be offered without giving anything away twice. */
export function cpuShares(processors: number, memoryBytes: number): number {
  return Math.max(1, Math.min(processors, Math.floor(memoryBytes / CPU_MODEL.memoryBytes)));
}

function cpuDevices(nodeId: string, count: number): OfferedDevice[] {
  return Array.from({ length: count }, (_, index) => ({
    deviceId: `${nodeId}-cpu${index}`,
    index,
    modelId: CPU_MODEL.id,
    uuid: `${nodeId}-cpu${index}`,
    pci: '',
    memoryBytes: CPU_MODEL.memoryBytes,
    island: 0,
    health: 'ok',
    nodes: [],
    visible: null,
  }));
}

/** This host. Ids are the same at every start; the data folder tells apart two agents of one host. */
export function describeHost(options: {
  region: string;
  zone: string;
  folder: string;
  /** Shares of the processors to offer; null: as many as there are. */
  shares: number | null;
  accelerators: (nodeId: string) => readonly OfferedDevice[];
  runtimeVersion: string;
}): Host {
  const { region, zone, folder, shares, accelerators, runtimeVersion } = options;
  const digest = createHash('sha256').update(`${machineId()}\n${folder}`).digest('hex');
  const nodeId = `node-${digest.slice(0, 16)}`;
  const found = accelerators(nodeId);
  const memoryBytes = totalmem();
  return {
    nodeId,
    name: hostname(),
    region,
    zone,
    spine: zone,
    leaf: zone,
    rack: zone,
    vcpus: cpus().length,
    memoryBytes,
    driverVersion: release(),
    runtimeVersion,
    devices: found.length > 0 ? found : cpuDevices(nodeId, shares ?? cpuShares(cpus().length, memoryBytes)),
  };
}

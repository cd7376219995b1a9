import { DriverError, type ExecRequest, type ExecSession, type FleetDriver } from '@suanxiang/hal/driver';
import { AgentDriver } from '@suanxiang/hal/drivers/agent/driver';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { type LogSource, logsUnavailable } from '@suanxiang/services/workload/log-source';
import type { NodePlace } from '@suanxiang/services/workload/node-place';

export interface MachinesOptions {
  fleet: { url: string; token: string };
  /** Private key of the control plane, 32 bytes in base64. */
  controlKey: string;
  nowMs: () => number;
}

/** Where programs are started for a terminal and logs are read: nothing else of the machines is in the API's reach. */
export interface Machines {
  logs: LogSource;
  exec(place: NodePlace, request: ExecRequest): Promise<ExecSession>;
  close(): Promise<void>;
}

/** Opens a driver for each engine when it is first needed. */
export function openMachines({ fleet, controlKey, nowMs }: MachinesOptions): Machines {
  const drivers = new Map<string, FleetDriver>();
  function driverOf({ driver, agent }: NodePlace): FleetDriver {
    if (driver !== 'agent') return new SimulatedDriver(fleet);
    if (!agent) throw new Error('no agent runs this zone');
    return new AgentDriver({ url: agent.url, agentId: agent.id, agentKey: agent.publicKey, controlKey }, nowMs);
  }
  function known(place: NodePlace): FleetDriver {
    const key = `${place.driver} ${place.agent?.url} ${place.agent?.publicKey}`;
    const driver = drivers.get(key) ?? driverOf(place);
    drivers.set(key, driver);
    return driver;
  }
  const logs: LogSource = {
    async read(place, wish) {
      try {
        if (place.driver === 'agent' && !place.agent) throw logsUnavailable();
        return await known(place).logs(place.allocationId, wish);
      } catch (error) {
        if (!(error instanceof DriverError)) throw error;
        if (error.code === 'invalid') return null;
        throw logsUnavailable();
      }
    },
  };
  return {
    logs,
    exec: async (place, request) => known(place).exec(place.allocationId, request),
    async close() {
      await Promise.all([...drivers.values()].map((driver) => driver.close()));
    },
  };
}

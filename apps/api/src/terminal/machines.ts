import type { ExecRequest, ExecSession, FleetDriver } from '@suanxiang/hal/driver';
import { AgentDriver } from '@suanxiang/hal/drivers/agent/driver';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import type { TerminalPlace } from '@suanxiang/services/terminal/terminal-session';

export interface MachinesOptions {
  fleet: { url: string; token: string };
  /** Private key of the control plane, 32 bytes in base64. */
  controlKey: string;
  nowMs: () => number;
}

/** Where programs are started for a terminal: nothing else of the machines is in the API's reach. */
export interface Machines {
  exec(place: TerminalPlace, request: ExecRequest): Promise<ExecSession>;
  close(): Promise<void>;
}

/** Opens a driver for each engine when it is first needed. */
export function openMachines({ fleet, controlKey, nowMs }: MachinesOptions): Machines {
  const drivers = new Map<string, FleetDriver>();
  function driverOf({ driver, agent }: TerminalPlace): FleetDriver {
    if (driver !== 'agent') return new SimulatedDriver(fleet);
    if (!agent) throw new Error('no agent runs this zone');
    return new AgentDriver({ url: agent.url, agentId: agent.id, agentKey: agent.publicKey, controlKey }, nowMs);
  }
  return {
    exec(place, request) {
      const key = `${place.driver} ${place.agent?.url} ${place.agent?.publicKey}`;
      const driver = drivers.get(key) ?? driverOf(place);
      drivers.set(key, driver);
      return driver.exec(place.allocationId, request);
    },
    async close() {
      await Promise.all([...drivers.values()].map((driver) => driver.close()));
    },
  };
}

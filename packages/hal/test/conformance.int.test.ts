import { fleetDriverConformance } from '@suanxiang/hal/conformance/suite';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { type FleetProcess, startFleetProcess } from '@suanxiang/testing/fleet-process';
import { afterAll, beforeAll, describe, it } from 'vitest';

let fleet: FleetProcess;
let driver: SimulatedDriver;
beforeAll(async () => {
  fleet = await startFleetProcess({ bootScale: 0.02 });
  driver = new SimulatedDriver({ url: fleet.url, token: fleet.token });
});
afterAll(async () => {
  await driver.close();
  await fleet.stop();
});

fleetDriverConformance({ describe, it }, 'simulated', () => ({
  driver,
  zone: 'ap-southeast-a',
  image: 'pytorch/pytorch:2.9.0',
  bootLimitMs: 5_000,
  stopLimitMs: 5_000,
  nowMs: Date.now,
}));

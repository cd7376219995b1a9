import type { DriverCapabilities, FleetDriver } from '@suanxiang/hal/driver';

const known = new WeakMap<FleetDriver, Promise<DriverCapabilities | null>>();

/** What an engine can do, asked once; null while it cannot be asked. */
export function capabilitiesOf(driver: FleetDriver): Promise<DriverCapabilities | null> {
  let answer = known.get(driver);
  if (!answer) {
    answer = driver.capabilities().catch(() => {
      known.delete(driver);
      return null;
    });
    known.set(driver, answer);
  }
  return answer;
}

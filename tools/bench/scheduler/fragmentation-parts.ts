import { decide } from '@suanxiang/scheduler/placement/decide';
import { fragmentationPolicy, mixOfRequests } from '@suanxiang/scheduler/placement/fragmentation-policy';
import type { PlacementRequest } from '@suanxiang/scheduler/types';
import { type Figure, Timer } from './figures';
import { BusyFleet, benchRequest, someRequest } from './fleet';

const [LOW, HIGH] = [0.85, 0.93];
const SLICES = [250, 500, 330, 810];

/** One request in five is for a slice. */
function withSlices(fleet: BusyFleet): PlacementRequest {
  if (fleet.random() >= 0.2) return someRequest(fleet.random);
  const milli = SLICES[Math.floor(fleet.random() * SLICES.length)]!;
  return benchRequest({ gpusPerNode: 1, milli, resources: { vcpuMilli: 4_000, memoryBytes: 2 ** 34 } });
}

/** Decisions for one node by expected waste, of whole devices alone and with slices among them. */
export function fragmentationDecisions(): Figure[] {
  return [
    ...measure('whole devices', (fleet) => someRequest(fleet.random)),
    ...measure('one in five a slice', withSlices),
  ];
}

function measure(what: string, next: (fleet: BusyFleet) => PlacementRequest): Figure[] {
  const fleet = new BusyFleet(5);
  const policy = fragmentationPolicy(mixOfRequests(Array.from({ length: 2_000 }, () => next(fleet))));
  fleet.settle(LOW, HIGH);
  const timer = new Timer(2_000);
  for (let decided = 0; decided < 20_000; decided += 1) {
    if (fleet.fullness > HIGH) while (fleet.fullness > LOW) fleet.releaseSome();
    const request = next(fleet);
    const decideNow = () => decide(fleet.state, request, policy);
    const decision = request.nodeCount === 1 ? timer.time(decideNow) : decideNow();
    if (decision) fleet.hold(decision);
    else fleet.releaseSome();
  }
  return timer.figures(`single node by expected waste, ${what}`, { p99: 1_300 });
}

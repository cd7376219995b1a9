import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { startFleetProcess } from '@suanxiang/testing/fleet-process';

const help = `npm run bench -- fleet [--seconds N] [--parallel N] [--allocations N]

The simulated fleet and its driver, over HTTP, with every answer on disk:
  calls       prepare + start + terminate round trips a second, with --parallel (16) callers for --seconds (10)
  idle        CPU of the process while nobody calls and --allocations (2000) workloads run
  usage       blocks a second that the driver reads and acknowledges; CPU share that the minutes of 100,000 running
              allocations would take
`;

const zone = 'z-a';
const percent = (part: number) => `${(part * 100).toFixed(2)} %`;

/** CPU seconds a process has used (Linux: user and system time in ticks of 10 ms). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

interface Context {
  driver: SimulatedDriver;
  pid: number;
}

let key = 0;
const ctx = () => {
  key += 1;
  return { operationKey: `bench:${key}`, epoch: 1 };
};

function specFor(allocationId: string, device: number) {
  const nodeId = `${zone}-n${String(1 + (device >> 3)).padStart(4, '0')}`;
  return {
    allocationId,
    nodeId,
    deviceIds: [`${nodeId}-d${device & 7}`],
    name: 'bench',
    image: 'pytorch:2.9',
    sshPublicKeys: [],
    startupScript: null,
    environment: {},
    clockOffsetS: 0,
  };
}

async function benchCalls({ driver, pid }: Context, parallel: number, seconds: number): Promise<void> {
  const untilMs = performance.now() + seconds * 1_000;
  const launches: number[] = [];
  const cpuBefore = cpuSeconds(pid);
  const fromMs = performance.now();
  await Promise.all(
    Array.from({ length: parallel }, async (_, lane) => {
      for (let round = 0; performance.now() < untilMs; round += 1) {
        const id = `calls-${lane}-${round}`;
        const beganMs = performance.now();
        await driver.prepare(ctx(), specFor(id, lane));
        await driver.start(ctx(), id);
        launches.push(performance.now() - beganMs);
        await driver.terminate(ctx(), id);
      }
    }),
  );
  const tookS = (performance.now() - fromMs) / 1_000;
  launches.sort((a, b) => a - b);
  const [p50, p99] = [quantile(launches, 0.5), quantile(launches, 0.99)].map((ms) => ms.toFixed(1));
  console.log(`calls: ${Math.round(launches.length / tookS)} prepare+start+terminate a second, ${parallel} callers`);
  console.log(
    `       prepare+start p50 ${p50} ms, p99 ${p99} ms; fleet CPU ${percent((cpuSeconds(pid) - cpuBefore) / tookS)}`,
  );
}

async function benchIdle({ driver, pid }: Context, allocations: number): Promise<void> {
  const ids = Array.from({ length: allocations }, (_, index) => `idle-${index}`);
  for (let from = 0; from < ids.length; from += 50) {
    await Promise.all(
      ids.slice(from, from + 50).map(async (id, index) => {
        await driver.prepare(ctx(), specFor(id, 64 + from + index));
        await driver.start(ctx(), id);
      }),
    );
  }
  const before = cpuSeconds(pid);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  console.log(`idle:  ${percent((cpuSeconds(pid) - before) / 5)} CPU with ${allocations} running workloads`);
}

async function benchUsage({ driver, pid }: Context, allocations: number): Promise<void> {
  // Ten minutes of every workload at once, as if nobody had read for that long.
  for (let from = 0; from < allocations; from += 50) {
    const part = Array.from({ length: Math.min(50, allocations - from) }, (_, index) => `idle-${from + index}`);
    await Promise.all(part.map((id) => driver.advanceClock(ctx(), id, 600)));
  }
  const cpuBefore = cpuSeconds(pid);
  const fromMs = performance.now();
  let blocks = 0;
  for (;;) {
    const page = await driver.telemetry(zone, 0, 2_000);
    const last = page.at(-1);
    if (!last) break;
    blocks += page.length;
    await driver.acknowledgeTelemetry(zone, last.seq);
  }
  const tookS = (performance.now() - fromMs) / 1_000;
  const perBlock = (cpuSeconds(pid) - cpuBefore) / blocks;
  console.log(
    `usage: ${Math.round(blocks / tookS)} blocks a second read, ${(perBlock * 1e6).toFixed(0)} µs of fleet CPU a block`,
  );
  console.log(`       100,000 running allocations are 1,667 blocks a second: ${percent(1_667 * perBlock)} of a core`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      parallel: { type: 'string', default: '16' },
      allocations: { type: 'string', default: '2000' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const allocations = Number(values.allocations);
  const nodes = Math.ceil(allocations / 8) + 8;
  const zones = [{ id: zone, pools: [{ model: 'nvidia-h100-80g', nodes }] }];
  const spec = { seed: 1, regions: [{ id: 'z', name: { en: 'Z', zh: 'Z' }, zones }] };
  const fleet = await startFleetProcess({ spec });
  const driver = new SimulatedDriver({ url: fleet.url, token: fleet.token });
  try {
    const context = { driver, pid: fleet.pid };
    await benchCalls(context, Number(values.parallel), Number(values.seconds));
    await benchIdle(context, allocations);
    await benchUsage(context, allocations);
  } finally {
    await driver.close();
    await fleet.stop();
  }
}

await main();

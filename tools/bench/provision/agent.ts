import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AllocationView } from '@suanxiang/hal/driver';
import { AgentDriver } from '@suanxiang/hal/drivers/agent/driver';
import { publicBytes } from '@suanxiang/hal/drivers/agent/signatures';
import { systemClock } from '@suanxiang/platform/clock';
import { startAgentProcess, whyNoContainers } from '@suanxiang/testing/agent-process';
import { root } from '../../lib/root';
import { spread } from './spread';

const DEVICES = 8;
const ZONE = 'bench-a';
const LOOK_MS = 20;
const LIMIT_MS = 60_000;
const SETTLE_MS = 3_000;

const seedOf = (key: KeyObject) => Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url').toString('base64');
const publicOf = (key: KeyObject) => publicBytes(key).toString('base64');

/** CPU seconds a process has used (Linux: user and system time in ticks of 10 ms). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Proportional set size, in MB. */
function memoryMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? Number.NaN) / 1000;
}

/** From the request to prepare to the first answer of the instance's SSH server, as the agent saw it. */
async function launch(driver: AgentDriver, nodeId: string, deviceId: string, id: string): Promise<number> {
  const beganMs = systemClock.nowMs();
  const call = { operationKey: `bench:${id}`, epoch: 1 };
  await driver.prepare(call, {
    allocationId: id,
    nodeId,
    deviceIds: [deviceId],
    name: 'bench',
    image: 'suanxiang/base:1',
    sshPublicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBenchBenchBenchBenchBenchBenchBenchBenchBe bench'],
    startupScript: null,
    environment: {},
    clockOffsetS: 0,
  });
  await driver.start(call, id);
  for (const untilMs = beganMs + LIMIT_MS; ; await sleep(LOOK_MS)) {
    const view: AllocationView | null = await driver.observe(id);
    if (view?.state === 'running') return view.startedAtMs! - beganMs;
    if (view?.state === 'failed' || systemClock.nowMs() > untilMs) {
      throw new Error(`${id} is ${view?.state}: ${view?.fault?.message}`);
    }
  }
}

/**
 * The bundled agent with eight devices, each with an instance that is read once a second: its share of a core over
 * `seconds` and its memory; and the time of each launch. Null with a printed reason where no container can run.
 */
export async function measureAgent(seconds: number) {
  if (whyNoContainers() !== null) return null;
  const bundle = path.join(root, '.cache/bench-agent');
  execFileSync(process.execPath, [path.join(root, 'tools/build-app.mjs'), 'agent', bundle], { cwd: root });
  const control = generateKeyPairSync('ed25519');
  const own = generateKeyPairSync('ed25519');
  const identity = {
    agentId: 'agent_bench',
    region: 'bench',
    zone: ZONE,
    privateKey: seedOf(own.privateKey),
    controlKey: publicOf(control.privateKey),
  };
  const program = [path.join(bundle, 'main.js')];
  const agent = await startAgentProcess({ identity, shares: DEVICES, firstSshPort: 24_700, program });
  const keys = { controlKey: seedOf(control.privateKey), agentKey: publicOf(own.privateKey) };
  const driver = new AgentDriver({ url: agent.url, agentId: identity.agentId, ...keys }, () => systemClock.nowMs());
  try {
    const launches: number[] = [];
    for await (const node of driver.discover(ZONE)) {
      for (const { deviceId } of node.devices) {
        launches.push(await launch(driver, node.nodeId, deviceId, `alloc_bench${launches.length}`));
      }
    }
    await sleep(SETTLE_MS);
    const before = cpuSeconds(agent.pid);
    await sleep(seconds * 1000);
    const corePercent = ((cpuSeconds(agent.pid) - before) / seconds) * 100;
    return {
      devices: launches.length,
      seconds,
      corePercent: Number(corePercent.toFixed(2)),
      memoryMb: Number(memoryMb(agent.pid).toFixed(1)),
      launchMs: spread(launches),
    };
  } finally {
    await driver.close();
    await agent.stop();
    await rm(bundle, { recursive: true, force: true });
  }
}

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { fleetDriverConformance } from '@suanxiang/hal/conformance/suite';
import { AgentDriver } from '@suanxiang/hal/drivers/agent/driver';
import { publicBytes } from '@suanxiang/hal/drivers/agent/signatures';
import { type AgentProcess, startAgentProcess, whyNoContainers } from '@suanxiang/testing/agent-process';
import { afterAll, beforeAll, describe, it } from 'vitest';

const seedOf = (key: KeyObject) => Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url').toString('base64');
const publicOf = (key: KeyObject) => publicBytes(key).toString('base64');

const why = whyNoContainers();

describe.skipIf(why !== null)('node agent with Podman', () => {
  const control = generateKeyPairSync('ed25519');
  const own = generateKeyPairSync('ed25519');
  let agent: AgentProcess;
  let driver: AgentDriver;
  beforeAll(async () => {
    const identity = {
      agentId: 'agent_conformance',
      region: 'cn-north',
      zone: 'conformance-a',
      privateKey: seedOf(own.privateKey),
      controlKey: publicOf(control.privateKey),
    };
    agent = await startAgentProcess({ identity, firstSshPort: 23_700 });
    driver = new AgentDriver(
      {
        url: agent.url,
        agentId: identity.agentId,
        controlKey: seedOf(control.privateKey),
        agentKey: publicOf(own.privateKey),
      },
      Date.now,
    );
  });
  afterAll(async () => {
    await driver?.close();
    await agent?.stop();
  });

  fleetDriverConformance({ describe, it }, 'agent', () => ({
    driver,
    zone: 'conformance-a',
    image: 'suanxiang/base:1',
    bootLimitMs: 20_000,
    stopLimitMs: 20_000,
    nowMs: Date.now,
  }));
});

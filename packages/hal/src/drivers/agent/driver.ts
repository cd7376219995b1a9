import { SimulatedDriver } from '../simulated/driver';
import { callSigner, privateKeyOf, publicKeyOf } from './signatures';

export interface AgentDriverOptions {
  /** Where the agent listens, without a trailing slash. */
  url: string;
  agentId: string;
  /** Private key of the control plane, 32 bytes in base64. */
  controlKey: string;
  /** Public key of the agent, 32 bytes in base64. */
  agentKey: string;
}

/** Driver of a node agent: the protocol of the simulated fleet, proved by keys on both sides instead of a token. */
export class AgentDriver extends SimulatedDriver {
  constructor({ url, agentId, controlKey, agentKey }: AgentDriverOptions, nowMs: () => number) {
    super({
      url,
      connections: 8,
      // Ending a workload waits for its processes.
      timeoutMs: 30_000,
      signer: callSigner({
        agentId,
        controlKey: privateKeyOf(Buffer.from(controlKey, 'base64')),
        agentKey: publicKeyOf(Buffer.from(agentKey, 'base64')),
        nowMs,
      }),
    });
  }
}

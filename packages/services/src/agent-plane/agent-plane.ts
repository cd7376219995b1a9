import { BatchError } from '@suanxiang/domain/agent-batch';
import { type Enrolled, enrolAgent } from '@suanxiang/metering/agent-plane/enrol';
import { type BatchAnswer, receiveBatch } from '@suanxiang/metering/agent-plane/receive-batch';
import { controlPublicKey } from '@suanxiang/platform/control-key';
import type { AppContext } from '../context';
import { ProblemError } from '../problem';

export type { BatchAnswer, Enrolled };

// One answer for all of them: who guesses learns nothing about which agents or tokens exist.
const notAnAgent = () =>
  new ProblemError('unauthenticated', 'The agent, its token or its signature is not good.', {
    suggestion: 'Enrol again with a new one-time token.',
  });

/** Takes in an agent's batch of evidence. Throws `unauthenticated`, `invalid_request` or `conflict`. */
export async function takeEvidence(
  ctx: AppContext,
  request: { agentId: string; signature: Uint8Array; body: Uint8Array; format: 'binary' | 'json' },
): Promise<BatchAnswer> {
  try {
    const received = await receiveBatch(ctx.agents, request, ctx.clock.nowMs());
    if (received.kind === 'answer') return received.answer;
    if (received.kind === 'unauthenticated') throw notAnAgent();
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    throw new ProblemError('invalid_request', `The batch: ${error.message}.`, {
      errors: [{ pointer: '/body', code: 'malformed', detail: error.message }],
    });
  }
  throw new ProblemError('conflict', 'This sequence number stands for another batch of this agent.', {
    suggestion: 'Count on from the highest number that was used, and never send other bytes under an old one.',
  });
}

/** Enrols an agent with its one-time token. Throws `unauthenticated`. */
export async function enrol(
  ctx: AppContext,
  request: { token: string; publicKey: Uint8Array; signature: Uint8Array; url: string | null },
): Promise<Enrolled & { controlKey: string }> {
  const enrolled = await enrolAgent(ctx.agents, request, ctx.clock.nowMs());
  if (!enrolled) throw notAnAgent();
  return { ...enrolled, controlKey: controlPublicKey(ctx.secrets.controlKey) };
}

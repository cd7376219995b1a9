import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign, verify } from 'node:crypto';

/**
 * Mutual keys between the control plane and a node agent: every call is signed by the control plane, every answer by the
 * agent, both with Ed25519 over the raw bytes. The agent learned the control plane's key, and the control plane the
 * agent's, when the agent enrolled with its one-time token.
 */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 private key from its 32 bytes. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

/** An Ed25519 public key from its 32 bytes. */
export function publicKeyOf(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bytes]), format: 'der', type: 'spki' });
}

/** The 32 bytes of the public half of a private key. */
export function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

export interface SignedCall {
  method: string;
  path: string;
  /** Unix milliseconds of the caller. */
  timeMs: string;
  /** Never used twice. */
  nonce: string;
  body: string;
}

function callText(agentId: string, call: SignedCall): Buffer {
  const { method, path, timeMs, nonce, body } = call;
  return Buffer.from(
    `suanxiang-agent-call/1\n${agentId}\n${method}\n${path}\n${timeMs}\n${nonce}\n${sha256(body)}`,
    'utf8',
  );
}

function answerText(agentId: string, nonce: string, status: number, body: string): Buffer {
  return Buffer.from(`suanxiang-agent-answer/1\n${agentId}\n${nonce}\n${status}\n${sha256(body)}`, 'utf8');
}

export const CALL_HEADERS = {
  time: 'suanxiang-time',
  nonce: 'suanxiang-nonce',
  signature: 'suanxiang-signature',
} as const;

/** True when the call was signed by the control plane for this agent. */
export function isCallSigned(control: KeyObject, agentId: string, call: SignedCall, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  return bytes.length === 64 && verify(null, callText(agentId, call), control, bytes);
}

/** The agent's signature under an answer, base64. */
export function signAnswer(key: KeyObject, agentId: string, nonce: string, status: number, body: string): string {
  return sign(null, answerText(agentId, nonce, status, body), key).toString('base64');
}

/** How a client proves its calls and checks its answers. */
export interface CallSigner {
  sign(method: string, path: string, body: string): { headers: Record<string, string>; nonce: string };
  isAnswered(nonce: string, status: number, body: string, signature: string): boolean;
}

/** The control plane's side towards one agent. */
export function callSigner(options: {
  agentId: string;
  controlKey: KeyObject;
  agentKey: KeyObject;
  nowMs: () => number;
}): CallSigner {
  const { agentId, controlKey, agentKey, nowMs } = options;
  return {
    sign(method, path, body) {
      const call = { method, path, timeMs: String(nowMs()), nonce: randomUUID(), body };
      const signature = sign(null, callText(agentId, call), controlKey).toString('base64');
      const headers = {
        [CALL_HEADERS.time]: call.timeMs,
        [CALL_HEADERS.nonce]: call.nonce,
        [CALL_HEADERS.signature]: signature,
      };
      return { headers, nonce: call.nonce };
    },
    isAnswered(nonce, status, body, signature) {
      const bytes = Buffer.from(signature, 'base64');
      return bytes.length === 64 && verify(null, answerText(agentId, nonce, status, body), agentKey, bytes);
    },
  };
}

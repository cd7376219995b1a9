import { ApiError } from './browser-client';

/** Asks the person to prove who they are; rejects when they would rather not. */
type Ask = () => Promise<void>;
let ask: Ask | null = null;

/** Names who asks; null when the page goes. */
export function setStepUp(next: Ask | null): void {
  ask = next;
}

/** Sends a request; where the API wants a recent proof, the person is asked for one and the request is sent once more. */
export async function withProof<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!ask || !(error instanceof ApiError) || error.problem.code !== 'reauthentication_required') throw error;
    await ask().catch(() => {
      throw error;
    });
    return send();
  }
}

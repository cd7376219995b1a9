import { OperationFailed, WaitTimedOut } from './errors';
import type { Api, Operation } from './generated/api';
import { pause } from './pause';

export interface WaitOptions {
  /** Default: ten minutes. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told about every reading that is not the last. */
  onProgress?: ((operation: Operation) => void) | undefined;
}

/** An operation, its id, or what has one (an instance, a cluster). */
export type Waitable = string | Operation | { operation: Operation | null };

const TIMEOUT_MS = 600_000;
const POLL_MS = 500;
const SLOW_POLL_MS = 2_000;
/** After so many quick looks the slow ones begin. */
const QUICK_LOOKS = 60;

/** Reads an operation until it has ended, and answers it when it has succeeded. */
export async function waitFor(api: Pick<Api, 'operations'>, what: Waitable, options: WaitOptions): Promise<Operation> {
  const limit = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
  let operation = typeof what === 'string' ? await api.operations.get(what, { signal }) : operationOf(what);
  for (let looks = 1; ; looks += 1) {
    if (operation.status === 'succeeded') return operation;
    if (operation.status === 'failed' || operation.status === 'superseded') throw new OperationFailed(operation);
    options.onProgress?.(operation);
    try {
      await pause(looks <= QUICK_LOOKS ? POLL_MS : SLOW_POLL_MS, signal);
      operation = await api.operations.get(operation.id, { signal });
    } catch (error) {
      if (limit.aborted && !options.signal?.aborted) throw new WaitTimedOut(operation);
      throw error;
    }
  }
}

function operationOf(what: Exclude<Waitable, string>): Operation {
  const operation = 'operation' in what ? what.operation : what;
  if (operation === null) throw new TypeError('There is no operation on it to wait for.');
  return operation;
}

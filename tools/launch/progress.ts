const startedAt = performance.now();

function seconds(): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s`;
}

/** A step that takes longer than this says so, again and again. */
const stillBusyMs = 10_000;

/** Prints one line with the time since the start. */
export function say(text: string): void {
  process.stdout.write(`${seconds()}  ${text}\n`);
}

/** Runs `work` and prints what was done and how long it took; `work` may return a remark to add. */
export async function step<T>(title: string, work: () => Promise<T>, remark?: (result: T) => string): Promise<T> {
  const from = performance.now();
  const patience = setInterval(() => say(`${title} ...`), stillBusyMs);
  const result = await work().finally(() => clearInterval(patience));
  const tookMs = performance.now() - from;
  const note = remark?.(result) ?? '';
  say(`${title}${note ? `: ${note}` : ''} (${(tookMs / 1000).toFixed(1)} s)`);
  return result;
}

/** A failure that a person at the terminal can act on. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** One sentence for any failure, without a stack. */
export function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC') return 'The disk is full. Free some space and start again; no data was lost.';
  if (code === 'EACCES' || code === 'EPERM') {
    return `Permission denied: ${(error as Error).message}. Check who owns this folder and its .data.`;
  }
  if (error instanceof Error) return error.message;
  return String(error);
}

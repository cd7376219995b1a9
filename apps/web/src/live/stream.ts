/** The API speaks at least every 15 s; a stream that is silent for so long is dead. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** 1, 2, 4 … 30 s. */
export const backOffMs = (failures: number) => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));

/**
 * Holds one connection: `work` gets the signal that ends it, because `outer` does or because nothing was heard for long.
 * Whatever comes of it, nothing of the connection is left.
 */
export async function connect<T>(
  outer: AbortSignal,
  work: (signal: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const arm = () => setTimeout(() => stop.abort(), SILENCE_MS);
  let timer = arm();
  try {
    return await work(AbortSignal.any([outer, stop.signal]), () => {
      clearTimeout(timer);
      timer = arm();
    });
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** A body as text, piece by piece as it arrives. */
export const readerOf = (body: ReadableStream<Uint8Array>) =>
  body.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;

/** Waits, and no longer than `signal` lasts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

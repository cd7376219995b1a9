/**
 * Runs `act` at most once at a time per key. Whoever calls during a run shares one run that begins after it, so that
 * every caller's change is seen by a run that began after the call.
 */
export function coalesce<T>(act: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  const next = new Map<string, Promise<T>>();

  function start(key: string): Promise<T> {
    const run = act(key).finally(() => running.delete(key));
    running.set(key, run);
    return run;
  }

  return (key) => {
    const current = running.get(key);
    if (!current) return start(key);
    const waiting = next.get(key);
    if (waiting) return waiting;
    const after = current
      .catch(() => {})
      .then(() => {
        next.delete(key);
        return start(key);
      });
    next.set(key, after);
    return after;
  };
}

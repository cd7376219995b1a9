/** Exit codes of `suan`, documented in `suan --help`. */
export const EXIT = {
  ok: 0,
  /** The API answered with a problem, or an awaited operation failed. */
  problem: 1,
  /** The command line is wrong, or there are no credentials. */
  usage: 2,
  /** The API could not be reached. */
  network: 3,
} as const;

/** A mistake on the command line; `message` is one sentence in the person's language. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An awaited operation did not succeed; `message` says why in the person's language. */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';
}

/** No answer came from the API at `url`. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  constructor(
    readonly url: string,
    readonly reason: string,
  ) {
    super(`${url}: ${reason}`);
  }
}

/** The part of autocannon that the benchmark uses. */
declare module 'autocannon' {
  namespace autocannon {
    interface Request {
      path: string;
      headers?: Record<string, string>;
    }
    interface Options {
      url: string;
      connections: number;
      duration: number;
      requests: Request[];
    }
    interface Result {
      '2xx': number;
      non2xx: number;
      errors: number;
      timeouts: number;
      duration: number;
      latency: { p50: number; p99: number };
    }
  }
  function autocannon(options: autocannon.Options): Promise<autocannon.Result>;
  export = autocannon;
}

/** One operation of the API as far as calling it goes. */
export interface Operation {
  readonly id: string;
  /** Group and method, or a method of the client itself. */
  readonly name: readonly string[];
  readonly method: string;
  /** Path with `{name}` parameters, which are given in this order. */
  readonly path: string;
  readonly idempotency: 'required' | 'accepted' | 'none';
  /** Fields of the input that go into the query; the others are the body. */
  readonly query: readonly string[];
  readonly body: boolean;
  readonly result: 'none' | 'bytes' | 'events' | 'value' | 'page';
}

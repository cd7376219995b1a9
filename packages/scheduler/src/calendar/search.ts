import type { Sees, Span } from './calendar';

/** What a start is looked for: when, for how long, and which holds stand in its way. */
export interface Search {
  afterS: number;
  /** A start at this instant or later is of no use. */
  untilS: number;
  span: Span;
  sees: Sees;
}

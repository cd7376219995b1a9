import { ProblemError } from '@suanxiang/domain/errors';

/**
 * Refuses the one who was first where a second operator has to agree. `detail` says what takes two, and `suggestion` what the
 * colleague does. Throws `conflict`.
 */
export function requireSecondOperator(
  first: string | null,
  actor: string,
  detail: string,
  suggestion = 'Let a colleague approve it.',
): void {
  if (first === actor) throw new ProblemError('conflict', detail, { suggestion, members: { reason: 'second_person' } });
}

/** Refuses to change what has been published or discarded. `detail` says what it is now. Throws `conflict`. */
export function requireDraft({ status }: { status: string }, detail: string, suggestion: string): void {
  if (status === 'draft' || status === 'awaiting_second') return;
  throw new ProblemError('conflict', detail, { suggestion, members: { state: status } });
}

import type { OperationKind } from '@suanxiang/domain/workload-state';
import type { Saga } from '../step';
import { launch } from './launch';
import { stop } from './stop';
import { terminate } from './terminate';

export const SAGAS: readonly Saga[] = [launch, stop, terminate];

/** The runbook of a kind of operation. */
export function sagaOf(kind: OperationKind): Saga {
  const saga = SAGAS.find((one) => one.kinds.includes(kind));
  if (!saga) throw new Error(`no saga for ${kind}`);
  return saga;
}

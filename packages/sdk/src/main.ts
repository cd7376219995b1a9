export { createClient, type Suanxiang } from './client';
export { ApiProblem, isProblem, NoAnswer, OperationFailed, type Problem, WaitTimedOut } from './errors';
export type * from './generated/api';
export type * from './types';
export type { Waitable, WaitOptions } from './wait';

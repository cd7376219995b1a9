import { z } from 'zod';
import { ok, route } from '../route';
import { countedPage, idOf } from '../schemas/common';
import * as workload from '../schemas/workload';
import { text } from './shared';

/** Operations: what is under way on a resource. */
export const operationRoutes = [
  route({
    operationId: 'getOperation',
    method: 'GET',
    path: '/v1/operations/{operation_id}',
    tag: 'Operations',
    permission: 'instance.read',
    summary: text('Read an operation and its steps', '查看操作及其步骤'),
    cli: 'operations get',
    params: z.strictObject({ operation_id: idOf('operation') }),
    response: ok(workload.operation),
  }),
  route({
    operationId: 'listOperations',
    method: 'GET',
    path: '/v1/operations',
    tag: 'Operations',
    permission: 'instance.read',
    summary: text('List operations, newest first', '列出操作（最新在前）'),
    cli: 'operations list',
    query: workload.operationsQuery,
    response: ok(countedPage(workload.operation)),
  }),
] as const;

import { z } from 'zod';
import { ok, route } from '../route';
import { countedPage, idOf } from '../schemas/common';
import * as queue from '../schemas/queue';
import { text } from './shared';

/** What waits for accelerators, and the shares that decide who is next. */
export const queueRoutes = [
  route({
    operationId: 'listQueue',
    method: 'GET',
    path: '/v1/queue',
    tag: 'Queue',
    permission: 'instance.read',
    summary: text('What waits for accelerators, longest first', '等待加速卡的请求（最久在前）'),
    cli: 'queue list',
    query: queue.queueQuery,
    response: ok(countedPage(queue.queueEntry)),
  }),
  route({
    operationId: 'getQueueEntry',
    method: 'GET',
    path: '/v1/queue/{resource_id}',
    tag: 'Queue',
    permission: 'instance.read',
    summary: text('Why one instance or cluster waits, and when it will start', '某实例或集群为何等待、预计何时启动'),
    cli: 'queue get',
    params: z.strictObject({ resource_id: queue.resourceId }),
    response: ok(queue.queueEntry),
  }),
  route({
    operationId: 'listPriorityClasses',
    method: 'GET',
    path: '/v1/priority-classes',
    tag: 'Queue',
    permission: 'instance.read',
    summary: text('Priority classes, highest first', '优先级（最高在前）'),
    cli: 'queue classes',
    response: ok(z.object({ items: z.array(queue.usablePriorityClass) })),
  }),
  route({
    operationId: 'getShares',
    method: 'GET',
    path: '/v1/shares',
    tag: 'Queue',
    permission: 'quota.read',
    summary: text('Shares of the organization and its projects', '组织及其项目的份额'),
    cli: 'shares get',
    response: ok(queue.organizationShares),
  }),
  route({
    operationId: 'updateProjectShare',
    ifMatch: false,
    method: 'PATCH',
    path: '/v1/projects/{project_id}/share',
    tag: 'Queue',
    permission: 'share.modify',
    summary: text("Change a project's share of the organization", '修改项目在组织内的份额'),
    cli: 'shares update',
    params: z.strictObject({ project_id: idOf('project') }),
    body: queue.updateShareBody,
    response: ok(queue.share),
    errors: ['unprocessable'],
  }),
] as const;

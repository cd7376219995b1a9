import { z } from 'zod';
import { created, ok, route } from '../route';
import { idOf, page } from '../schemas/common';
import * as identity from '../schemas/identity';
import { pages, text } from './shared';

const bySshKey = z.strictObject({ ssh_key_id: idOf('sshKey') });
const byApiKey = z.strictObject({ api_key_id: idOf('apiKey') });

/** SSH keys and API keys. */
export const keyRoutes = [
  route({
    operationId: 'listSshKeys',
    method: 'GET',
    path: '/v1/ssh-keys',
    tag: 'SSH keys',
    permission: 'ssh_key.read',
    summary: text('List SSH keys', '列出 SSH 密钥'),
    cli: 'ssh-keys list',
    query: pages,
    response: ok(page(identity.sshKey)),
  }),
  route({
    operationId: 'createSshKey',
    method: 'POST',
    path: '/v1/ssh-keys',
    tag: 'SSH keys',
    permission: 'ssh_key.create',
    summary: text('Add an SSH public key', '添加 SSH 公钥'),
    cli: 'ssh-keys create',
    body: identity.createSshKeyBody,
    response: created(identity.sshKey),
    errors: ['name_taken', 'quota_exceeded'],
  }),
  route({
    operationId: 'deleteSshKey',
    method: 'DELETE',
    path: '/v1/ssh-keys/{ssh_key_id}',
    tag: 'SSH keys',
    permission: 'ssh_key.delete',
    summary: text('Delete an SSH key', '删除 SSH 密钥'),
    cli: 'ssh-keys delete',
    params: bySshKey,
  }),
  route({
    operationId: 'listApiKeys',
    method: 'GET',
    path: '/v1/api-keys',
    tag: 'API keys',
    permission: 'api_key.read',
    summary: text('List API keys', '列出 API 密钥'),
    cli: 'api-keys list',
    query: pages,
    response: ok(page(identity.apiKey)),
  }),
  route({
    operationId: 'createApiKey',
    method: 'POST',
    path: '/v1/api-keys',
    tag: 'API keys',
    permission: 'api_key.create',
    summary: text('Create an API key; its secret is shown once', '创建 API 密钥（仅显示一次）'),
    cli: 'api-keys create',
    body: identity.createApiKeyBody,
    response: created(identity.createdApiKey),
    errors: ['quota_exceeded'],
  }),
  route({
    operationId: 'revokeApiKey',
    method: 'DELETE',
    path: '/v1/api-keys/{api_key_id}',
    tag: 'API keys',
    permission: 'api_key.delete',
    summary: text('Revoke an API key at once', '立即吊销 API 密钥'),
    cli: 'api-keys revoke',
    params: byApiKey,
  }),
] as const;

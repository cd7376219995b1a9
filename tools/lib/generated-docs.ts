import { openApiDocument } from '@suanxiang/contract/openapi';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { ERROR_CATALOGUE } from '@suanxiang/domain/errors';
import { FAULT_REASONS, type FaultCause, reasonOf } from '@suanxiang/domain/fault-reasons';
import {
  KEY_SCOPES,
  ORG_ROLES,
  PERMISSIONS,
  PROJECT_ROLE_PERMISSIONS,
  PROJECT_ROLES,
  permissionsOfScopes,
  ROLE_PERMISSIONS,
} from '@suanxiang/domain/permissions';
import {
  OPERATION_KINDS,
  OPERATION_STEPS,
  WORKLOAD_STATE_FACTS,
  WORKLOAD_STATES,
  WORKLOAD_TRANSITIONS,
} from '@suanxiang/domain/workload-state';
import { cliDoc } from './cli-docs';
import { faultsDoc, telemetryMappingsDoc } from './hal-docs';
import { header, table } from './markdown';

function errorsDoc(): string {
  const rows = Object.entries(ERROR_CATALOGUE).map(([code, entry]) => [
    `\`${code}\``,
    String(entry.status),
    entry.retryable ? 'yes' : 'no',
    entry.title.en,
    entry.title.zh,
  ]);
  const faults = (Object.keys(FAULT_REASONS) as FaultCause[]).map((cause) => {
    const { code, en, zh } = reasonOf(cause);
    return [`\`${code}\``, en, zh];
  });
  return [
    header('Errors', 'packages/domain/src/errors.ts') + table(['code', 'status', 'retryable', 'title', '标题'], rows),
    'Reasons of operations that failed and of workloads that ended without being asked to (`error` and `status_reason`); what',
    'the provider is to blame for begins with `provider.` (packages/domain/src/fault-reasons.ts):\n',
    table(['code', 'reason', '原因'], faults),
  ].join('\n');
}

function permissionsDoc(): string {
  const mark = (yes: boolean) => (yes ? '●' : '');
  const roles = PERMISSIONS.map((permission) => [
    `\`${permission}\``,
    ...ORG_ROLES.map((role) => mark(ROLE_PERMISSIONS[role].has(permission))),
  ]);
  const inProjects = PERMISSIONS.filter((permission) => PROJECT_ROLE_PERMISSIONS.admin.has(permission)).map(
    (permission) => [
      `\`${permission}\``,
      ...PROJECT_ROLES.map((role) => mark(PROJECT_ROLE_PERMISSIONS[role].has(permission))),
    ],
  );
  const scopes = Object.keys(KEY_SCOPES);
  const granted = scopes.map((scope) => permissionsOfScopes([scope]));
  const keys = PERMISSIONS.map((permission) => [
    `\`${permission}\``,
    ...granted.map((set) => mark(set.has(permission))),
  ]);
  return (
    header('Permissions', 'packages/domain/src/permissions.ts') +
    `## Roles in an organization\n\n${table(['permission', ...ORG_ROLES], roles)}\n` +
    `## Roles in a project\n\n${table(['permission', ...PROJECT_ROLES], inProjects)}\n` +
    `## Scopes of API keys\n\n${table(['permission', ...scopes.map((scope) => `\`${scope}\``)], keys)}`
  );
}

function statesDoc(): string {
  const edges = WORKLOAD_STATES.flatMap((state) =>
    Object.entries(WORKLOAD_TRANSITIONS[state]).map(([event, next]) => `  ${state} --> ${next}: ${event}`),
  );
  const facts = WORKLOAD_STATES.map((state) => {
    const { terminal, transitional, holdsDevices } = WORKLOAD_STATE_FACTS[state];
    return [state, ...[terminal, transitional, holdsDevices].map((fact) => (fact ? 'yes' : ''))];
  });
  const steps = OPERATION_KINDS.map((kind) => [kind, OPERATION_STEPS[kind].join(' → ')]);
  return (
    header('States of a workload', 'packages/domain/src/workload-state.ts') +
    `\`\`\`mermaid\nstateDiagram-v2\n  [*] --> queued\n${edges.join('\n')}\n\`\`\`\n\n` +
    table(['state', 'terminal', 'transitional', 'may hold devices'], facts) +
    `\n## Steps of each operation\n\n${table(['operation', 'steps'], steps)}`
  );
}

/** File name in docs/generated -> text. */
export function generatedDocs(): Record<string, string> {
  return {
    'cli.md': cliDoc(),
    'errors.md': errorsDoc(),
    'faults.md': faultsDoc(),
    'telemetry-mappings.md': telemetryMappingsDoc(),
    'permissions.md': permissionsDoc(),
    'workload-states.md': statesDoc(),
    'openapi.json': `${JSON.stringify(openApiDocument(NEWEST_API_VERSION), null, 2)}\n`,
  };
}

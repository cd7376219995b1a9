import { FAULT_CATALOGUE } from '@suanxiang/hal/faults/catalogue';
import { SEVERITIES, SEVERITY_FACTS } from '@suanxiang/hal/faults/severity';
import { UNITS } from '@suanxiang/hal/vendors/shared/units';
import { TOOLS } from '@suanxiang/hal/vendors/tools';
import { header, table } from './markdown';

/** Which value of each tool becomes which field of the telemetry schema, and by which factor. */
export function telemetryMappingsDoc(): string {
  const sections = Object.entries(TOOLS).map(([name, { vendor, command, source, mapping }]) => {
    const rows = mapping.map(({ from, to, unit }) => {
      const { factor, dimension } = UNITS[unit];
      return [`\`${from}\``, `\`${to}\``, dimension === 'text' ? '' : unit, dimension === 'text' ? '' : String(factor)];
    });
    const body =
      rows.length > 0 ? table(['source', 'field', 'unit', 'factor'], rows) : 'Gives links or faults, no fields.\n';
    return `## ${name}\n\n\`${command}\` (${vendor}). Source: ${source}.\n\n${body}`;
  });
  return (
    header('Telemetry mappings', 'packages/hal/src/vendors') +
    'For each tool of `npm run hal:parse`: the value in its output, the field it becomes, the unit it has where it does not\n' +
    'carry its own, and the factor to the unit of the field. Of several sources for one field the first with a value counts.\n' +
    'KB, MB and GB of the tools count in 1,024s.\n\n' +
    sections.join('\n')
  );
}

/** What each fault code means and what follows from it. */
export function faultsDoc(): string {
  const mark = (yes: boolean) => (yes ? 'yes' : '');
  const severities = SEVERITIES.map((severity) => {
    const { act, drains, tenantPays } = SEVERITY_FACTS[severity];
    return [severity, act.en, act.zh, mark(drains), mark(tenantPays)];
  });
  const vendors = [...new Set(FAULT_CATALOGUE.map(({ vendor }) => vendor))];
  const sections = vendors.map((vendor) => {
    const rows = FAULT_CATALOGUE.filter((entry) => entry.vendor === vendor).map(
      ({ code, severity, meaning, source }) => {
        const { drains, tenantPays } = SEVERITY_FACTS[severity];
        return [`\`${code}\``, meaning.en, meaning.zh, severity, mark(drains), mark(tenantPays), source];
      },
    );
    const head = ['code', 'meaning', '含义', 'severity', 'drain', 'tenant pays', 'source'];
    return `## ${vendor ?? 'Any device'}\n\n${table(head, rows)}`;
  });
  return (
    header('Faults', 'packages/hal/src/faults') +
    `${table(['severity', 'act', '处理', 'drain', 'tenant pays'], severities)}\n` +
    'A code that stands in no table is kept as it is and treated as degraded; of Ascend, as drain.\n\n' +
    sections.join('\n')
  );
}

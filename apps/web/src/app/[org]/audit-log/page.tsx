import { AuditPage } from '@/features/audit/audit-page';
import { AUDIT_PAGE, auditFilters } from '@/features/audit/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('auditLog');

export default consolePage(async ({ search, load, preload }) => {
  const filters = auditFilters((name) => search[name]);
  const page = { limit: AUDIT_PAGE, ...(search.cursor ? { cursor: search.cursor } : {}) };
  await load('listAuditEvents', { query: { ...page, ...filters } });
  await preload('listImpersonations', {});
  return <AuditPage />;
});

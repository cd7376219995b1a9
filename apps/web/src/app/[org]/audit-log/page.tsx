import { AuditPage } from '@/features/audit/audit-page';
import { AUDIT_PAGE } from '@/features/audit/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('auditLog');

export default consolePage(async ({ search, load }) => {
  await load('listAuditEvents', { query: { limit: AUDIT_PAGE, ...(search.cursor ? { cursor: search.cursor } : {}) } });
  return <AuditPage />;
});

import { InvoicesPage } from '@/features/invoices/invoices-page';
import { INVOICES_PAGE } from '@/features/invoices/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('invoices');

export default consolePage(async ({ search, load }) => {
  await load('listInvoices', { query: { limit: INVOICES_PAGE, ...(search.cursor ? { cursor: search.cursor } : {}) } });
  return <InvoicesPage />;
});

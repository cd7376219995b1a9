import { InvoicePage } from '@/features/invoices/invoice-page';
import { openOrganization } from '@/server/console';
import { consolePage } from '@/server/console-page';
import { namedTitle } from '@/server/title';

export const generateMetadata = namedTitle('invoices', async ({ org = '', invoice = '' }) => {
  const { api } = await openOrganization(org);
  return (await api.call('getInvoice', { params: { invoice_id: invoice } })).number ?? '';
});

export default consolePage(async ({ params, load }) => {
  const id = params.invoice ?? '';
  await load('getInvoice', { params: { invoice_id: id } });
  return <InvoicePage id={id} />;
});

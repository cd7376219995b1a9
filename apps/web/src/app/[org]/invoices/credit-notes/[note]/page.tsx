import { CreditNotePage } from '@/features/credit-notes/credit-note-page';
import { openOrganization } from '@/server/console';
import { consolePage } from '@/server/console-page';
import { namedTitle } from '@/server/title';

export const generateMetadata = namedTitle('creditNotes', async ({ org = '', note = '' }) => {
  const { api } = await openOrganization(org);
  return (await api.call('getCreditNote', { params: { credit_note_id: note } })).number;
});

export default consolePage(async ({ params, load }) => {
  const id = params.note ?? '';
  await load('getCreditNote', { params: { credit_note_id: id } });
  return <CreditNotePage id={id} />;
});

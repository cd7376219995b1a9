import { CreditNotesPage } from '@/features/credit-notes/credit-notes-page';
import { CREDIT_NOTES_PAGE } from '@/features/credit-notes/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('creditNotes');

export default consolePage(async ({ search, load }) => {
  await load('listCreditNotes', {
    query: { limit: CREDIT_NOTES_PAGE, ...(search.cursor ? { cursor: search.cursor } : {}) },
  });
  return <CreditNotesPage />;
});

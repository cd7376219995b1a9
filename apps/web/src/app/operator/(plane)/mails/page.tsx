import { MailsPage } from '@/features/mails/mails-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorMails');

export default operatorPage(async ({ load }) => {
  await load('operatorMails', {});
  return <MailsPage />;
});

import { PriceBookPage } from '@/features/operator-billing/price-book-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorPrices');

export default operatorPage(async ({ params, load }) => {
  const price_book_id = params.id ?? '';
  await load('operatorPriceBook', { params: { price_book_id } });
  return <PriceBookPage id={price_book_id} />;
});

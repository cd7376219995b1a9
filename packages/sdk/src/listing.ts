import type { Listing, Page } from './types';

/** A list whose pages are fetched when they are looked at. */
export function listing<T>(fetchPage: (cursor: string | null) => Promise<Page<T>>): Listing<T> {
  async function* pages() {
    for (let cursor: string | null = null; ; ) {
      const page: Page<T> = await fetchPage(cursor);
      yield page;
      cursor = page.next_cursor;
      if (cursor === null) return;
    }
  }
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.items;
    },
    // biome-ignore lint/suspicious/noThenProperty: awaiting a list means its first page.
    then: (resolve, reject) => fetchPage(null).then(resolve, reject),
  };
}

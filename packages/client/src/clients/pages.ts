/** A list that is read page by page as one goes through it: `for await (const one of list)`. */
export interface List<T, Page, Cursor = string> extends AsyncIterable<T> {
  /** One page: the first, or the one that a cursor names. */
  page(cursor?: Cursor): Promise<Page>;
}

/** @param after the cursor of the page behind; undefined at the end */
export function listOf<T, Page extends { readonly data: readonly T[] }, Cursor = string>(
  page: (cursor?: Cursor) => Promise<Page>,
  after: (page: Page) => Cursor | null | undefined,
): List<T, Page, Cursor> {
  return {
    page,
    async *[Symbol.asyncIterator]() {
      for (let cursor: Cursor | undefined; ; ) {
        const read: Page = await page(cursor);
        yield* read.data;
        const next = after(read) ?? undefined;
        if (next === undefined) return;
        cursor = next;
      }
    },
  };
}

import { type DialectName, GenerationError } from '../error.ts';

/** A list that is read page by page while it is iterated: `for await (const one of list)`. */
export interface List<T, Page, Cursor = string> extends AsyncIterable<T> {
  /** One page: the first, or the one at a cursor. */
  page(cursor?: Cursor): Promise<Page>;
}

/**
 * @param after the cursor of the next page; undefined at the end
 * @throws GenerationError `upstream_invalid_result` during iteration if a cursor leads back to an earlier page
 */
export function listOf<T, Page extends { readonly data: readonly T[] }, Cursor = string>(
  dialect: DialectName,
  page: (cursor?: Cursor) => Promise<Page>,
  after: (page: Page) => Cursor | null | undefined,
): List<T, Page, Cursor> {
  return {
    page,
    async *[Symbol.asyncIterator]() {
      const seen = new Set<Cursor>();
      for (let cursor: Cursor | undefined; ; ) {
        const read: Page = await page(cursor);
        yield* read.data;
        const next = after(read) ?? undefined;
        if (next === undefined) return;
        if (seen.has(next)) throw endless(dialect);
        seen.add(next);
        cursor = next;
      }
    },
  };
}

function endless(dialect: DialectName): GenerationError {
  return new GenerationError({
    code: 'upstream_invalid_result',
    dialect,
    message: `${dialect}: the list leads back to a page that was read.`,
  });
}

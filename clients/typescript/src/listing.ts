/** What every page of a list has. */
export interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

/** The element of the pages `P`. */
export type ItemOf<P> = P extends Page<infer Item> ? Item : never;

/**
 * A list that the server tells page by page. `await` gives the first page; `for await` gives every item, and asks for a page
 * when the one before it is used up. Content that changes meanwhile ends it with a `GradusError` of status 410.
 */
export class Listing<P extends Page<unknown>> implements PromiseLike<P>, AsyncIterable<ItemOf<P>> {
  readonly #ask: (cursor: string | undefined) => Promise<P>;

  constructor(ask: (cursor: string | undefined) => Promise<P>) {
    this.#ask = ask;
  }

  then<A = P, B = never>(
    done?: ((page: P) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#ask(undefined).then(done, failed);
  }

  /** Every page, the first at first. */
  async *pages(): AsyncGenerator<P, void, void> {
    let cursor: string | undefined;
    do {
      const page = await this.#ask(cursor);
      yield page;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** Every item of every page. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ItemOf<P>, void, void> {
    for await (const page of this.pages()) yield* page.items as ItemOf<P>[];
  }
}

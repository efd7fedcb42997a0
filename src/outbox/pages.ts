/**
 * A list that never changes, in pages: a list with another item shares all its pages but one with the list before. Ten
 * thousand changes to a list of ten thousand copy a hundredth of what whole copies would.
 */
export interface Pages<T> {
  readonly pageSize: number;
  readonly pages: readonly (readonly T[])[];
}

export function pagesOf<T>(items: readonly T[]): Pages<T> {
  const pageSize = Math.max(1, Math.ceil(Math.sqrt(items.length)));
  const count = Math.ceil(items.length / pageSize);
  const pages = Array.from({ length: count }, (_, at) => items.slice(at * pageSize, (at + 1) * pageSize));
  return { pageSize, pages };
}

/** undefined where there is no such item. */
export function itemAt<T>({ pageSize, pages }: Pages<T>, index: number): T | undefined {
  return pages[Math.floor(index / pageSize)]?.[index % pageSize];
}

/** @param index of an item that is there */
export function withItem<T>({ pageSize, pages }: Pages<T>, index: number, item: T): Pages<T> {
  const at = Math.floor(index / pageSize);
  const page = pages[at]?.with(index % pageSize, item) ?? [];
  return { pageSize, pages: pages.with(at, page) };
}

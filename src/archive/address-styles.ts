/** How addresses are shown: as they are; written so that what gathers them from the files finds none; or without their domain. */
export type AddressStyle = (typeof ADDRESS_STYLES)[number];

export const ADDRESS_STYLES = ['coded', 'masked', 'shown'] as const;

/** What looks like an address, in a page's source. */
export function hidden(page: string, style: AddressStyle): string {
  if (style === 'shown') return page;
  return withDomains(page, domain => (style === 'coded' ? `&#64;${domain.slice(1)}` : '&#64;…'));
}

/** What looks like the end of an address, from its `@` on, written in another way. */
export function withDomains(text: string, write: (domain: string) => string): string {
  // A pattern that starts with a plain character is looked for ten times as fast as one that looks behind.
  return text.replace(/@(?=[\p{L}\p{N}_[])[\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*/gu, (found, at: number) =>
    /[\p{L}\p{N}_.+%-]/u.test(text[at - 1] ?? '') ? write(found) : found,
  );
}

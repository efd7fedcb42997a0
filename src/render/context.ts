import type { Config } from '../model/config.ts';
import type { Templates } from './templates.ts';

/** What rendering knows besides the push itself. */
export interface RenderContext {
  readonly config: Config;
  /** The repository's name in every subject. */
  readonly repositoryName: string;
  /** Who pushed, where that is known. */
  readonly pusher?: { readonly name: string; readonly email?: string };
  /** Domain of the Message-IDs. */
  readonly host: string;
  /** Address in From: unless one is configured: an address of this host. */
  readonly hostAddress: string;
  readonly templates: Templates;
}

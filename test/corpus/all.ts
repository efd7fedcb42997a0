import { audienceCases } from './audiences.ts';
import { branchCases } from './branches.ts';
import type { Cases } from './case.ts';
import { commitCases } from './commits.ts';
import { encodingCases } from './encodings.ts';
import { fileCases } from './files.ts';
import { filterCases } from './filters.ts';
import { hostileCases } from './hostile.ts';
import { oversizeCases } from './oversize.ts';
import { pathCases } from './paths.ts';
import { pushCases } from './pushes.ts';
import { sizeCases } from './sizes.ts';
import { submoduleCases } from './submodules.ts';
import { tagCases } from './tags.ts';

/** Every kind of push. */
export const kindsOfPush: Cases = {
  ...branchCases,
  ...tagCases,
  ...pushCases,
  ...filterCases,
  ...oversizeCases,
  ...audienceCases,
};

/** Every kind of content. */
export const kindsOfContent: Cases = {
  ...encodingCases,
  ...pathCases,
  ...fileCases,
  ...commitCases,
  ...hostileCases,
  ...sizeCases,
  ...submoduleCases,
};

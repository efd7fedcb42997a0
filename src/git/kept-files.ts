import { type FileDiff, type FileGroup, type Missing, MOST_NAMED, NOTHING } from '../model/commit.ts';
import { allMissing, fileLimit, keepShares, lostOf, sizeInMail, sparedBytes } from '../model/cut.ts';

/** A group of files while they arrive. */
interface Group {
  /** Bytes of those kept, as they count in a mail. */
  held: number;
  count: number;
  readonly named: Buffer[];
  /** Files of which nothing is kept. */
  dropped: Missing;
}

/** The files of one commit's diff as far as they are kept: of each group `maxSize` bytes, as they count in a mail. */
export function keptFiles(maxSize: number) {
  let files: FileDiff[] = [];
  let groups = new Map<string, Group>();
  let spared = 0;

  function groupOf({ group: key = '' }: FileDiff): Group {
    const group = groups.get(key) ?? { held: 0, count: 0, named: [], dropped: NOTHING };
    groups.set(key, group);
    return group;
  }

  /** Leaves each file of a group its share. */
  function squeeze(group: Group): void {
    const isOurs = (file: FileDiff) => groupOf(file) === group;
    const { kept, dropped, held } = keepShares(files.filter(isOurs), maxSize, spared);
    const next = kept.values();
    files = files.flatMap(file => (isOurs(file) ? (next.next().value ?? []) : [file]));
    group.held = held;
    group.dropped = allMissing([group.dropped, dropped]);
  }

  return {
    /** Bytes of the next file that are looked at. @param id the commit's */
    limit(id: string): number {
      spared = sparedBytes(id);
      return fileLimit(maxSize, spared);
    },
    /** False for one that is more than a mail holds, after those that are there. */
    hasRoomFor: (file: FileDiff) =>
      files.length === 0 ||
      (file.lost === undefined && groupOf(file).held + sizeInMail(file, spared) <= maxSize),
    add(file: FileDiff): void {
      const group = groupOf(file);
      files.push(file);
      group.held += sizeInMail(file, spared);
      group.count++;
      if (group.named.length < MOST_NAMED) group.named.push(Buffer.from(file.path));
      // Seldom, since each file is looked at.
      if (group.held > 2 * maxSize) squeeze(group);
    },
    /** All that is held, which is not held any more. */
    take() {
      for (const group of groups.values()) squeeze(group);
      const found: readonly FileGroup[] = Array.from(groups, ([key, { named, count, dropped }]) => {
        return { key, named, more: count - named.length, dropped };
      });
      const missing = allMissing([lostOf(files), ...found.map(({ dropped }) => dropped)]);
      const taken = {
        files,
        ...(missing.bytes > 0 ? { missing } : {}),
        ...(found.some(({ key }) => key !== '') ? { groups: found } : {}),
      };
      [files, groups] = [[], new Map()];
      return taken;
    },
  };
}

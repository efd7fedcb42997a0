/** What a directory lies on, by the number that statfs(2) gives for its file system on Linux (linux/magic.h). */
const SHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
]);

/** These may be a disk of this machine or of many: sshfs and glusterfs, the folders that a virtual machine has from its host. */
const UNSURE: ReadonlyMap<number, string> = new Map([
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
]);

/**
 * The name of the network file system on which a spool must not lie; undefined where it may. flock(2) does not reach other
 * hosts there, or only on some versions of some of them: two workers would each believe to be the one. Where the type leaves
 * it open, a worker of another host that has not given the lock back decides.
 * @param type of the file system, as statfs(2) gives it
 * @param heldElsewhere whether such a worker is on record
 */
export function networkDisk(type: number, heldElsewhere: boolean): string | undefined {
  const unsigned = type >>> 0;
  return SHARED.get(unsigned) ?? (heldElsewhere ? UNSURE.get(unsigned) : undefined);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkDisk } from '../../src/disk/create-spool.ts';

const EXT4 = 0xef53;
const NFS = 0x6969;
const FUSE = 0x65735546;
/** As Node.js gives it where the number is taken for a signed one. */
const CIFS = 0xff534d42 | 0;

test('a disk of this machine may hold a spool, whatever host its last worker ran on', () => {
  assert.equal(networkDisk(EXT4, false), undefined);
  assert.equal(networkDisk(EXT4, true), undefined, 'a container has another name at every start');
});

test('a network disk may not, even if no other host has been there yet', () => {
  assert.equal(networkDisk(NFS, false), 'NFS');
  assert.equal(networkDisk(CIFS, false), 'CIFS');
});

test('where the type leaves it open, a lock that another host has not given back decides', () => {
  assert.equal(networkDisk(FUSE, false), undefined);
  assert.equal(networkDisk(FUSE, true), 'FUSE');
});

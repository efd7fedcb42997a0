#!/usr/bin/env node
// Starts dist/main.cjs. To compile it takes node longer than all the rest of a small push, so that whoever owns it keeps beside it what V8 has compiled. Without that, or
// where it was damaged or made by another node, a start takes longer, and nothing else.
const { closeSync, fchmodSync, fsyncSync, openSync } = require('node:fs');
const { readFileSync, renameSync, statSync, writeSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { getHeapCodeStatistics, setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

// V8 makes machine code of what has run for a while, in threads of its own. In a short run these take a quarter of the processor for nothing, so they start later.
// Much later, and who posts a thousand mails waits for slow code (bench: posting).
// What says so has another name since node 22; of one that a later node does not know, V8 would complain.
const LATER = {
  20: '--interrupt-budget=135000',
  22: '--invocation-count-for-turbofan=45000',
  24: '--invocation-count-for-turbofan=45000',
};
// What has been compiled when node was built, V8 takes only as long as no flag is set. These nearly every run needs.
for (const name of ['child_process', 'crypto', 'fs/promises', 'os', 'stream/consumers', 'timers/promises'])
  require(`node:${name}`);
const later = LATER[Number.parseInt(process.versions.node, 10)];
if (later) setFlagsFromString(later);

const home = dirname(__dirname);
const path = join(home, 'dist', 'main.cjs');
let source = readFileSync(path);
// V8 itself looks at its version, its flags and the length of the source; where it refuses, it compiles. It does not look for damage.
const madeFrom = checksum(source, process.version, process.arch, ...process.execArgv);
const cache = join(home, 'dist', `main-${madeFrom.toString(16)}.cache`);
const isMain = require.main === module;
let kept = readCache();
// It is a function: the build has wrapped it as node wraps a module.
const script = new Script(source.latin1Slice(), { filename: path, cachedData: kept?.data });
if (isMain && process.geteuid?.() === statSync(path).uid) keepCache();
// Whatever is held here, a large push has beside what it takes itself (bench, set `memory`).
source = kept = undefined;

script.runInThisContext()(exports, createRequire(path), module, path, dirname(path));
// A thread of the program calls what it needs itself.
if (isMain) module.exports.run(process, home);

/** A checksum, and what it is of: how many bytes V8 had compiled, and these. */
function readCache() {
  try {
    const bytes = readFileSync(cache);
    const rest = bytes.subarray(4);
    if (checksum(rest) !== bytes.readUInt32BE()) return undefined;
    return { size: rest.readDoubleBE(), data: rest.subarray(8) };
  } catch {
    return undefined;
  }
}

/** V8 compiles a function when it is called. So what a run has compiled is kept where there was nothing, or much less. */
function keepCache() {
  const before = kept && !script.cachedDataRejected ? kept.size : 0;
  process.once('exit', () => {
    const head = Buffer.alloc(12);
    head.writeDoubleBE(getHeapCodeStatistics().bytecode_and_metadata_size, 4);
    if (head.readDoubleBE(4) < before * 1.5) return;
    const data = script.createCachedData();
    head.writeUInt32BE(checksum(head.subarray(4), data));
    const own = `${cache}.${process.pid}`;
    try {
      const file = openSync(own, 'w');
      writeSync(file, Buffer.concat([head, data]));
      // Who may read the program may read this.
      fchmodSync(file, statSync(path).mode & 0o644);
      fsyncSync(file);
      closeSync(file);
      renameSync(own, cache);
    } catch {
      // A disk that is full or may not be written to.
    }
  });
}

/** For chance alone: who may write to that folder owns the program anyway. */
function checksum(...parts) {
  return parts.reduce((sum, part) => crc32(part, sum), 0);
}

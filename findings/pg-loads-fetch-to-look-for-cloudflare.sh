#!/bin/sh
# Packages: pg 8.23.1 (npm)
# Guess:    require('pg') loads pg, and of node what it takes to talk to a server.
# Seen:     where there is no `navigator`, as in Node.js 20, pg makes a `Response` to find out whether it runs at Cloudflare. For that node loads all of
#           fetch, HTTP/2 and WebSocket with it, before there is a connection: 20 ms of a start. With a `navigator` it asks that one, and loads none of it.
. "$(dirname "$0")/lib.sh"
with_npm pg@8.23.1
cat >run.cjs <<'J'
const had = new Set(process.moduleLoadList);
delete globalThis.navigator;
if (process.argv[2] === 'with') globalThis.navigator = { userAgent: 'Node.js' };
require('pg');
const come = process.moduleLoadList.filter(name => !had.has(name));
const loaded = ['internal/deps/undici/undici', 'http2'].filter(name => come.some(each => each === `NativeModule ${name}`));
console.log(`${process.argv[2]} navigator:`, loaded.join(', ') || 'none of it');
J
for navigator in without with; do node run.cjs "$navigator"; done >now
seen 'pg loads fetch where there is no navigator' now <<'S'
without navigator: internal/deps/undici/undici, http2
with navigator: none of it
S

#!/bin/sh
# Packages: pg 8.23.1 (npm), postgresql-client-15 15.20 (Debian 12)
# Guess:    a connection string with which psql reaches a server leads pg there too, or is refused.
# Seen:     several hosts, which libpq tries one after the other, are one name for pg. `?dbname=` is passed over. Without a host pg asks localhost, psql the local
#           socket. And `host=... dbname=...` is no error: all of it is a database, on a host called `base`.
. "$(dirname "$0")/lib.sh"
with_deb postgresql-client-15=15.20-0+deb12u1 libpq5=15.20-0+deb12u1
with_libraries
with_npm pg@8.23.1
cat >run.cjs <<'J'
const { Client } = require('pg');
const { host, user, database } = new Client({ connectionString: process.argv[2] });
console.log('  pg:  ', host, user, database);
J
export USER=ann PGUSER=ann
unset PGHOST PGDATABASE PGPORT PGSERVICE || true
for text in 'postgres://bo@%2Fone,%2Ftwo/mail' 'postgres://bo@%2Fone?dbname=mail' 'postgres:///mail' 'host=/one user=bo dbname=mail'; do
  echo "$text"
  node run.cjs "$text"
  # \conninfo needs a connection: where psql looks is in its error
  "$T/root/usr/lib/postgresql/15/bin/psql" "$text" -c '' 2>&1 | sed -n 's/.*on socket "\(.*\)\/.s.PGSQL.5432" failed.*/  psql: \1/p'
done >now
seen 'pg looks elsewhere' now <<'S'
postgres://bo@%2Fone,%2Ftwo/mail
  pg:   /one,/two bo mail
  psql: /one
  psql: /two
postgres://bo@%2Fone?dbname=mail
  pg:   /one bo bo
  psql: /one
postgres:///mail
  pg:   localhost ann mail
  psql: /var/run/postgresql
host=/one user=bo dbname=mail
  pg:   base ann host=/one user=bo dbname=mail
  psql: /one
S

# Common lines of the findings; each begins with: . "$(dirname "$0")/lib.sh"
# A finding installs pinned public packages into one temporary folder, $T, runs them there on valid input and compares what they
# print with what was seen. Exit 0: as described. 1: it has changed. 2: it cannot be tried here (no such package, no network).
set -eu
T=$(mktemp -d "${TMPDIR:-/tmp}/finding.XXXXXX")
trap 'cd /; rm -rf "$T"' EXIT
cd "$T"
export HOME="$T" LC_ALL=C.UTF-8 GIT_CONFIG_GLOBAL="$T/gitconfig" GIT_CONFIG_NOSYSTEM=1

cannot() { echo "cannot be tried: $*"; exit 2; }

# with_npm NAME@VERSION ...
with_npm() {
  npm install --no-audit --no-fund --ignore-scripts --prefix "$T" "$@" >"$T/npm.log" 2>&1 || cannot "npm has no $*"
}

# with_deb NAME=VERSION ...: unpacked, not installed; programs of theirs come first on the PATH
with_deb() {
  mkdir "$T/deb" && (cd "$T/deb" && apt-get download "$@" >"$T/apt.log" 2>&1) || cannot "no Debian package $*"
  for package in "$T"/deb/*.deb; do dpkg -x "$package" "$T/root"; done
  PATH="$T/root/usr/bin:$T/root/usr/sbin:$PATH"
}

# with_python: Debian's own Python, $PYTHON, and the modules that with_deb has unpacked
with_python() {
  PYTHON=/usr/bin/python3
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || cannot 'no Python 3.11 of Debian 12'
  export PYTHONPATH="$T/root/usr/lib/python3/dist-packages"
}

# with_libraries: libraries that with_deb has unpacked are found
with_libraries() {
  for folder in "$T"/root/usr/lib/*-linux-gnu* "$T"/root/lib/*-linux-gnu*; do
    [ ! -d "$folder" ] || LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  done
  export LD_LIBRARY_PATH
}

# with_postgres: Debian's PostgreSQL 15, an empty cluster in $T on a socket there; its address is in $DATABASE_URL. It refuses to work for root
with_postgres() {
  with_deb postgresql-15=15.20-0+deb12u1 libpq5=15.20-0+deb12u1
  with_libraries
  as=
  if [ "$(id -u)" = 0 ]; then as='setpriv --reuid=65534 --regid=65534 --clear-groups'; chmod 755 "$T"; fi
  mkdir -m 777 "$T/pg"
  trap '$as "$postgres/pg_ctl" -D "$T/pg/data" -m immediate stop >/dev/null 2>&1; cd /; rm -rf "$T"' EXIT
  postgres="$T/root/usr/lib/postgresql/15/bin"
  { $as "$postgres/initdb" -D "$T/pg/data" -U ann --auth=trust --no-sync -E UTF8 --locale=C &&
    $as "$postgres/pg_ctl" -D "$T/pg/data" -w -l "$T/pg/log" -o "-c listen_addresses= -c unix_socket_directories=$T/pg -c fsync=off" start
  } >"$T/pg.log" 2>&1 || cannot 'PostgreSQL does not start'
  export DATABASE_URL="postgres://ann@$(echo "$T/pg" | sed 's/\//%2F/g')/postgres"
}

# with_git [NAME=VERSION ...]: the pinned git, as a user who has a name; and other packages of Debian
with_git() {
  with_deb git=1:2.39.5-0+deb12u3 "$@"
  export GIT_EXEC_PATH="$T/root/usr/lib/git-core" GIT_TEMPLATE_DIR="$T/root/usr/share/git-core/templates"
  git config --global user.name Ann && git config --global user.email ann@example.org && git config --global init.defaultBranch main
}

# seen 'what is shown' FILE, and on standard input what was seen when this was written
seen() {
  cat >"$T/before"
  if diff -u "$T/before" "$2" >"$T/difference"; then echo "as described: $1"; else
    echo "changed: $1"; cat "$T/difference"; exit 1
  fi
}

#!/bin/sh
# Packages: pygit2 1.11.1 with libgit2 1.5.1, dulwich 0.21.2, git 2.39.5 (Debian 12)
# Guess:    a library that reads .mailmap finds whom git finds: names and addresses in small letters or capitals (gitmailmap(5)).
# Seen:     both find nobody whose address or name is written with other capitals in the commit than in the file.
. "$(dirname "$0")/lib.sh"
with_git python3-pygit2=1.11.1-3 libgit2-1.5=1.5.1+ds-1+deb12u2 libhttp-parser2.9=2.9.4-5 libmbedtls14=2.28.3-1 libmbedx509-1=2.28.3-1 \
  libmbedcrypto7=2.28.3-1 libssh2-1=1.10.0-3+deb12u1 python3-cffi-backend=1.15.1-5+b1 python3-dulwich=0.21.2-1+b1 python3-urllib3=1.26.12-1+deb12u4
with_libraries
with_python
git init -q r && cd r
printf '%s\n' 'Bo Berg <bo@example.org> <bo@old.example.org>' 'Cy Carr <cy@example.org> cy <root@example.org>' >.mailmap
cat >"$T/people" <<'P'
bo <bo@old.example.org>
bo <Bo@Old.Example.org>
cy <root@example.org>
Cy <root@example.org>
P
git check-mailmap --stdin <"$T/people" | sed 's/^/git: /' >"$T/now"
cat >"$T/run.py" <<'P'
import pygit2, re, sys
from dulwich.mailmap import Mailmap
people = [line.strip() for line in open(sys.argv[1])]
mailmap = pygit2.Mailmap.from_repository(pygit2.Repository('.'))
for who in people:
    print('pygit2: %s <%s>' % mailmap.resolve(*re.match('(.*) <(.*)>', who).groups()))
mailmap = Mailmap.from_path('.mailmap')
for who in people:
    print('dulwich:', mailmap.lookup(who.encode()).decode())
P
"$PYTHON" "$T/run.py" "$T/people" >>"$T/now"
seen 'other capitals are other people' "$T/now" <<'S'
git: Bo Berg <bo@example.org>
git: Bo Berg <bo@example.org>
git: Cy Carr <cy@example.org>
git: Cy Carr <cy@example.org>
pygit2: Bo Berg <bo@example.org>
pygit2: bo <Bo@Old.Example.org>
pygit2: Cy Carr <cy@example.org>
pygit2: Cy <root@example.org>
dulwich: Bo Berg <bo@example.org>
dulwich: bo <Bo@Old.Example.org>
dulwich: Cy Carr <cy@example.org>
dulwich: Cy <root@example.org>
S

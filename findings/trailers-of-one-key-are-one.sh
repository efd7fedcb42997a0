#!/bin/sh
# Packages: pygit2 1.11.1, GitPython 3.1.30, git 2.39.5 (Debian 12)
# Guess:    the trailers that a library for git gives of a commit are those that git gives.
# Seen:     both give a dict, and of two Reviewed-by, Co-authored-by or Signed-off-by only the last is in it. git has all.
. "$(dirname "$0")/lib.sh"
with_git python3-pygit2=1.11.1-3 libgit2-1.5=1.5.1+ds-1+deb12u2 libhttp-parser2.9=2.9.4-5 libmbedtls14=2.28.3-1 libmbedx509-1=2.28.3-1 \
  libmbedcrypto7=2.28.3-1 libssh2-1=1.10.0-3+deb12u1 python3-cffi-backend=1.15.1-5+b1 \
  python3-git=3.1.30-1+deb12u3 python3-gitdb=4.0.9-2 python3-smmap=5.0.0-1
with_libraries
with_python
git init -q r && cd r
git commit -q --allow-empty -m 'one

Co-authored-by: Bo <bo@example.org>
Co-authored-by: Cy <cy@example.org>'
git log -1 --format='git %(trailers:valueonly,separator=%x2C )' >"$T/now"
cat >run.py <<'P'
import git, pygit2
repository = pygit2.Repository('.')
print('pygit2', repository[repository.head.target].message_trailers)
print('GitPython', git.Repo('.').head.commit.trailers)
P
"$PYTHON" run.py >>"$T/now"
seen 'one of two co-authors is left' "$T/now" <<'S'
git Bo <bo@example.org>, Cy <cy@example.org>
pygit2 {'Co-authored-by': 'Cy <cy@example.org>'}
GitPython {'Co-authored-by': 'Cy <cy@example.org>'}
S

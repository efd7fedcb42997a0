#!/bin/sh
# Packages: git-svn 2.39.5, git 2.39.5, subversion 1.14.2 (Debian 12)
# Guess:    git svn dcommit, which makes each commit anew with a line git-svn-id below, leaves the trailers of a commit trailers.
# Seen:     git-svn-id is put into a paragraph of its own, which is the last and has the form of a trailer: it is the only one from then on, and %(trailers) finds no
#           Reviewed-by. The author is who committed. A commit without a message has that line for its subject.
. "$(dirname "$0")/lib.sh"
with_git git-svn=1:2.39.5-0+deb12u3 subversion=1.14.2-4+deb12u1 libsvn1=1.14.2-4+deb12u1 libsvn-perl=1.14.2-4+deb12u1 libserf-1-1=1.3.9-11 \
  libaprutil1=1.6.3-1+deb12u1 libapr1=1.7.2-3+deb12u1 libutf8proc2=2.8.0-1 libyaml-libyaml-perl=0.86+ds-1+deb12u1 libterm-readkey-perl=2.38-2+b1
with_libraries
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
svnadmin create svn
svn mkdir -q --username ann -m '' "file://$T/svn/trunk"
git svn clone -q "file://$T/svn/trunk" r >svn.log 2>&1 || { cat svn.log; cannot 'git svn does not run'; }
cd r
echo one >file && git add file && git commit -q --author='Bo <bo@example.org>' -m 'Add a file' -m 'It is needed.' -m 'Reviewed-by: Cy <cy@example.org>'
show() { echo "$1: $(git log -1 --format="%an, '%s', trailers: %(trailers:only)" $2 | sed "s|file:.*|...|")"; }
{
  show before HEAD
  git svn dcommit -q --username dan >../svn.log 2>&1
  show after HEAD
  show empty HEAD~1
} >../now
seen 'a trailer is none' ../now <<'S'
before: Bo, 'Add a file', trailers: Reviewed-by: Cy <cy@example.org>
after: ann, 'Add a file', trailers: git-svn-id: ...
empty: ann, 'git-svn-id: ...
S

#!/bin/sh
# Packages: Git::Raw 0.90 (libgit-raw-perl) with libgit2 1.5.1, git 2.39.5 (Debian 12)
# Guess:    libgit2's git_email_create_from_commit, here as Git::Raw's as_email, writes a mail as git format-patch does.
# Seen:     From and Subject have raw UTF-8, and there is no MIME field at all; a name with a comma is not quoted, so that it is two addresses; the signature is `--` without the blank. Of a binary
#           file it says that it differs, and git am refuses the patch.
. "$(dirname "$0")/lib.sh"
with_git libgit-raw-perl=0.90+ds-1 libgit2-1.5=1.5.1+ds-1+deb12u2 libmbedcrypto7=2.28.3-1 libmbedtls14=2.28.3-1 libmbedx509-1=2.28.3-1 libhttp-parser2.9=2.9.4-5 libssh2-1=1.10.0-3+deb12u1
with_libraries
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
git init -q r && cd r
git commit -q --allow-empty -m start
printf '\0' >data && git add data && git commit -q --author='Zoë, Jr <zoe@example.org>' -m 'Größe'
perl -MGit::Raw -e 'print Git::Raw::Repository->open(".")->head->target->as_email({}, {})' >../libgit2 || cannot 'Git::Raw does not run'
git format-patch --stdout -1 >../git
for mail in git libgit2; do
  git checkout -q --detach main~1
  echo "$mail:"
  grep '^From: \|^Subject: \|^MIME\|^Content-T\|^-- *$' ../$mail
  git am -q ../$mail 2>&1 | head -1
  git am --abort 2>../error || :
done >../now
seen 'a mail of other rules' ../now <<'S'
git:
From: =?UTF-8?q?Zo=C3=AB=2C=20Jr?= <zoe@example.org>
Subject: [PATCH] =?UTF-8?q?Gr=C3=B6=C3=9Fe?=
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
-- 
libgit2:
From: Zoë, Jr <zoe@example.org>
Subject: [PATCH] Größe
--
error: cannot apply binary patch to 'data' without full index line
S

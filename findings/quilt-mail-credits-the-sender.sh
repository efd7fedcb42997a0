#!/bin/sh
# Packages: quilt 0.66, git 2.39.5 (Debian 12)
# Guess:    quilt mail, which takes the subject out of a patch by format-patch, says below the header who wrote it where another sends it, as git does: `From: Bo ...`.
# Seen:     From and Date of the patch are gone, and nothing in the mail names Bo: git am makes the sender the author, today. `[PATCH]` comes twice, and text beyond ASCII has no
#           Content-Transfer-Encoding, which means 7bit.
. "$(dirname "$0")/lib.sh"
with_git quilt=0.67+really0.66-1
export QUILT_DIR="$T/root/usr/share/quilt" QUILT_ETC="$T/root/etc" EDITOR=true
git init -q r && cd r
git commit -q --allow-empty -m start
echo one >file && git add file
GIT_AUTHOR_DATE='1136214245 +0000' git commit -q --author='Bo <bo@example.org>' -m 'Größe' -m 'Ein Text.'
mkdir patches && git format-patch -1 -o patches >../out && ls patches >../series && mv ../series patches
git reset -q --hard HEAD~1
quilt --quiltrc - mail --mbox ../box --sender ann@example.org --from 'Ann <ann@example.org>' --to list@example.org --prefix PATCH -m Introduction --subject Sizes >../quilt.log 2>&1 ||
  { cat ../quilt.log; cannot 'quilt mail does not run'; }
sed -n '/^Subject: .*1.1/,/^---/p' ../box | grep -v '^References\|^Message-ID' >../now
git mailsplit -o.. ../box >../out
git am -q ../0002 2>../error && git log -1 --format='%an <%ae>, %ad' --date=format:%Y | sed "s/$(date +%Y)/now/" >>../now
seen 'another author' ../now <<'S'
Subject: [PATCH 1/1] [PATCH] =?UTF-8?q?Gr=C3=B6=C3=9Fe?=
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

Ein Text.
---
Ann <ann@example.org>, now
S

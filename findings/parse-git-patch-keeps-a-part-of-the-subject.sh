#!/bin/sh
# Packages: parse-git-patch 2.1.1 (npm), git 2.39.5 (Debian 12)
# Guess:    of a patch by format-patch `message` is the message of the commit.
# Seen:     it is the first line of the Subject field: of a subject that format-patch folds, as it does those of more than about sixty letters, a part; encoded where it has
#           other letters than ASCII; with [PATCH]; and without the text below it.
. "$(dirname "$0")/lib.sh"
with_git
with_npm parse-git-patch@2.1.1
git init -q r && cd r && git commit -q --allow-empty -m start
for subject in 'Send the mails of a push in the order of its commits, and not in that of their dates' 'Größe'; do
  echo "$subject" >>f && git add f && git commit -qm "$subject" -m 'Why so.'
  git format-patch -1 --stdout >"$T/patch"
  node -e 'const parse = require(process.argv[1]); console.log((parse.default ?? parse)(require("node:fs").readFileSync(process.argv[2], "utf8")).message)' \
    "$T/node_modules/parse-git-patch" "$T/patch"
done >"$T/now"
seen 'half of a subject, and no text' "$T/now" <<'S'
[PATCH] Send the mails of a push in the order of its commits, and not
[PATCH] =?UTF-8?q?Gr=C3=B6=C3=9Fe?=
S

#!/bin/sh
# Packages: parse-git-config 3.0.0, ini 6.0.0 (npm), git 2.39.5 (Debian 12)
# Guess:    a library for git's config files reads a value that goes on after a backslash at the end of the line (git-config(1)).
# Seen:     the value keeps the backslash and the second line becomes a key of its own that is true. Of a key that stands twice the
#           last value is left, and `[section] key = value` on one line is a key named `[section] key`.
. "$(dirname "$0")/lib.sh"
with_git
with_npm parse-git-config@3.0.0
cat >config <<'C'
[mail]
	to = ann@example.org, \
second
	cc = one@example.org
	cc = two@example.org
[list] id = commits.example.org
C
git config -f config --list >now
node -e 'console.log(JSON.stringify(require("parse-git-config").sync({ path: "config" })))' >>now
seen 'git and the library read different settings' now <<'S'
mail.to=ann@example.org, second
mail.cc=one@example.org
mail.cc=two@example.org
list.id=commits.example.org
{"mail":{"to":"ann@example.org, \\","second":true,"cc":"two@example.org","[list] id":"commits.example.org"}}
S

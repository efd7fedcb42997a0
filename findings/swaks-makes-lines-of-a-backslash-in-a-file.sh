#!/bin/sh
# Package:  swaks 20201014.0 (Debian 12)
# Guess:    `swaks --data @mail` sends the file as it is; `\n` is a line end where the mail is an argument, on one line.
# Seen:     in the file too: a patch of a program with `printf("one\n")` arrives with a line more, and does not apply. Words such as %DATE% in it are replaced, and there is
#           no option against either.
. "$(dirname "$0")/lib.sh"
with_deb swaks=20201014.0-2
printf '%s\n' 'From: ann@example.org' 'To: bo@example.org' 'Subject: one' '' '+printf("one\n");' '+date = "%DATE%";' >mail
swaks --server example.org --to bo@example.org --from ann@example.org --data @mail --dump-mail 2>swaks.log | tr -d '\r' >sent
sed "s/\"[A-Z][a-z][a-z], .*\"/\"now\"/" sent >now
seen 'a string has a line end' now <<'S'
From: ann@example.org
To: bo@example.org
Subject: one

+printf("one
");
+date = "now";
S

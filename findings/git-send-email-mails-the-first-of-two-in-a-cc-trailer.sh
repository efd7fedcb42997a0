#!/bin/sh
# Packages: git-email 2.39.5, git 2.39.5 (Debian 12)
# Guess:    a trailer `Cc: bo@example.org, cy@example.org` gets a copy to both, as the header field Cc of a patch does.
# Seen:     the first gets it, the second does not, and nothing is said. In the header both do.
. "$(dirname "$0")/lib.sh"
with_git git-email=1:2.39.5-0+deb12u3 libmailtools-perl=2.21-2
export PERL5LIB="$T/root/usr/share/perl5"
git init -q r && cd r
printf 'one\n\ntext\n\nCc: bo@example.org, cy@example.org\n' | git commit -q --allow-empty -F -
printf '#!/bin/sh\nshift\necho "$@"\n' >"$T/sendmail" && chmod +x "$T/sendmail"
for header in 'X-Other: x' 'Cc: dee@example.org, eve@example.org'; do
  git format-patch -q --root --always --add-header="$header" -o "$T/out" HEAD
  recipients=$(git send-email --sendmail-cmd="$T/sendmail" --suppress-cc=author --to list@example.org --confirm=never --quiet "$T/out"/*.patch | head -1)
  echo "$header: $recipients"
done >"$T/now"
seen 'one of two in the trailer, two of two in the header' "$T/now" <<'S'
X-Other: x: list@example.org bo@example.org
Cc: dee@example.org, eve@example.org: list@example.org dee@example.org eve@example.org bo@example.org
S

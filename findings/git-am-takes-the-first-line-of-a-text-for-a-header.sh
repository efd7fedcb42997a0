#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    a commit whose text begins with "Subject:" or "Date:" goes through `git format-patch --stdout | git am` as it is.
# Seen:     mailinfo takes such a first line for a header field of the mail. `Subject: ...` becomes the subject, and the commit's own is lost without a word; at
#           `Date: ...` am stops, since the rest of the sentence is no date. format-patch protects neither; a text that begins otherwise may have them later.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
git commit -q --allow-empty -m start
apply() {
  git checkout -q -B from main && echo "$2" >file && git add file
  printf '%s\n\n%s\n' "$1" "$2" | git commit -q -F -
  git format-patch --stdout -1 >../patch && git checkout -q -B to main
  git am -q ../patch 2>../error && echo "$1 / $2: $(git log -1 --format='%s / %b')" || { sed 's/ *$//' ../error; git am --abort; }
}
{
  apply 'Decode header fields' 'Subject: and Comments: were shown as they came.'
  apply 'Read dates of one digit' 'Date: has them in old mails.'
  apply 'Read dates of two digits' 'The field Date: has them.'
} >../now
seen 'a subject is lost, a patch is refused' ../now <<'S'
Decode header fields / Subject: and Comments: were shown as they came.: and Comments: were shown as they came. / 
fatal: invalid date format: has them in old mails.
Read dates of two digits / The field Date: has them.: Read dates of two digits / The field Date: has them.
S

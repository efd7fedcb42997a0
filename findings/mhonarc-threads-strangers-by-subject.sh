#!/bin/sh
# Package:  mhonarc 2.6.19 (Debian 12)
# Guess:    two mails without In-Reply-To and References are two threads, unless the subject of one begins with `Re:`.
# Seen:     one subject is one thread: a commit that says "Fix typo" is put below one of another year and author that says so too. The
#           index calls it possible. `-nosubjectthreads` ends it.
. "$(dirname "$0")/lib.sh"
with_deb mhonarc=2.6.19-2.2
mail() {
  printf 'From %s@example.org Mon Jan  2 15:04:05 2006\nFrom: %s@example.org\nMessage-ID: <%s@example.org>\n' "$1" "$1" "$1"
  printf 'Subject: %s\nDate: %s\n\ntext\n\n' "$2" "$3"
}
{
  mail ann 'Fix typo' 'Mon, 2 Jan 2006 15:04:05 +0000'
  mail bo 'Fix typo' 'Tue, 2 Jan 2007 15:04:05 +0000'
  mail cy 'Fix typos' 'Wed, 2 Jan 2008 15:04:05 +0000'
} >box
archive() { mkdir "$1" && perl -I"$T/root/usr/share/mhonarc" "$T/root/usr/bin/mhonarc" -quiet $2 -outdir "$1" box; }
for option in subjectthreads nosubjectthreads; do
  archive $option -$option || cannot 'mhonarc does not run'
  echo "$option: $(grep -c Possible $option/threads.html) thread of a subject"
done >now
archive default ''
cmp default/threads.html subjectthreads/threads.html && echo 'subjectthreads is the default' >>now
seen 'two commits of one subject are one thread' now <<'S'
subjectthreads: 1 thread of a subject
nosubjectthreads: 0 thread of a subject
subjectthreads is the default
S

#!/bin/sh
# Package:  git 2.39.5 (Debian 12)
# Guess:    git imap-send, whose manual gives it the output of `git format-patch --stdout`, makes one draft of each patch: a mail begins there with `From `, an id
#           and a date.
# Seen:     it begins at any line that starts with `From `, a sentence of the message too. The first draft has the message without the patch, the second the patch
#           without a header, and the line itself is in neither. The progress says `150% (3/2) done`, and the exit code is 0.
. "$(dirname "$0")/lib.sh"
with_git
git init -q r && cd r
git commit -q --allow-empty -m start
for line in 'From here on it is counted.' 'It is counted from here on.'; do
  echo line >>file && git add file && printf 'Count\n\n%s\n' "$line" | git commit -q -F -
done
# An IMAP server behind imap.tunnel: it says yes to all, and keeps what is appended.
cat >../server.pl <<'P'
$| = 1;
print "* PREAUTH [CAPABILITY IMAP4rev1 LITERAL+] here\r\n";
while (my $line = <STDIN>) {
  my ($tag) = split ' ', $line;
  if ($line =~ /\{(\d+)\+\}\r\n$/) {
    read STDIN, my $draft, $1;
    open my $file, '>', 'draft' . ++$drafts or die;
    print $file $draft;
    <STDIN>;
  }
  print "$tag OK\r\n";
}
P
git config imap.folder Drafts
git config imap.tunnel "perl ../server.pl"
git format-patch --stdout HEAD~2 | git imap-send 2>../error >../out && echo "exit 0, $(grep -o '150% [^ ]*' ../error)" >../now
for draft in draft*; do echo "$draft: $(grep -c '^Subject: ' $draft) subject, $(grep -c '^diff --git' $draft) diff, sentence $(grep -ic 'from here on' $draft)"; done >>../now
seen 'a sentence divides a patch' ../now <<'S'
exit 0, 150% (3/2)
draft1: 1 subject, 0 diff, sentence 0
draft2: 0 subject, 1 diff, sentence 0
draft3: 1 subject, 1 diff, sentence 1
S

#!/bin/sh
# Package:  gitweb 2.39.5, git 2.39.5 (Debian 12)
# Guess:    gitweb's Atom feed of a branch has the newest commits, all of them that came within the last days, each with the moment when it came.
# Seen:     from the 21st on it ends at the first commit whose author wrote it more than two days ago, however young the commit is: of thirty
#           patches of last week that are applied today it has twenty. And all dates in it are the author's: a reader sorts them below last week.
. "$(dirname "$0")/lib.sh"
with_git gitweb=1:2.39.5-0+deb12u3 libcgi-pm-perl=4.55-1 libhtml-parser-perl=3.81-1+deb12u1
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
printf 'our $projectroot = "%s"; our $git = "%s";\n' "$T" "$T/root/usr/bin/git" >gitweb.conf
export GITWEB_CONFIG="$T/gitweb.conf" REQUEST_METHOD=GET SERVER_NAME=example.org
git init -q r.git
git -C r.git commit -q --allow-empty -m start
for age in new old; do
  git -C r.git checkout -q --orphan $age
  [ $age = new ] || export GIT_AUTHOR_DATE='1136214245 +0000'
  for n in $(seq 30); do git -C r.git commit -q --allow-empty -m "$n"; done
  QUERY_STRING="p=r.git/.git;a=atom;h=refs/heads/$age" perl "$T/root/usr/share/gitweb/gitweb.cgi" >$age.atom
  echo "$age: $(grep -c '<entry>' $age.atom) entries"
done >now
sed -n '/<entry>/,$s/.*<\(updated\|published\)>\(.*\)<.*/\1 \2/p' old.atom | head -2 >>now
seen 'ten of thirty commits of this minute are missing, the rest is of 2006' now <<'S'
new: 30 entries
old: 20 entries
updated 2006-01-02T15:04:05Z
published 2006-01-02T15:04:05Z
S

#!/bin/sh
# Packages: gitweb 2.39.5, git 2.39.5 (Debian 12)
# Guess:    commitdiff_plain, which the page of a commit links as `raw` and offers as the file NAME.patch with From, Date and Subject, makes the commit again by git am.
# Seen:     its text begins with the subject once more, so that the new commit says it twice. The link `patch` beside it is
#           format-patch's, and right.
. "$(dirname "$0")/lib.sh"
with_git gitweb=1:2.39.5-0+deb12u3 libcgi-pm-perl=4.55-1 libhtml-parser-perl=3.81-1+deb12u1
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
printf 'our $projectroot = "%s"; our $git = "%s";\n' "$T" "$T/root/usr/bin/git" >gitweb.conf
git init -q r.git && cd r.git
git commit -q --allow-empty -m start
echo one >file && git add file && git commit -qm 'Add a file' -m 'It is needed.'
commit=$(git rev-parse HEAD)
for page in commitdiff_plain patch; do
  GITWEB_CONFIG="$T/gitweb.conf" REQUEST_METHOD=GET SERVER_NAME=example.org QUERY_STRING="p=r.git/.git;a=$page;h=$commit" \
    perl "$T/root/usr/share/gitweb/gitweb.cgi" >../page
  sed '1,/^.$/d' ../page >../mail
  git checkout -q main~1 && git am -q ../mail || echo "git am refuses it"
  echo $page: $(git log -1 --format=%B | sed 's/$/ \//')
  git checkout -q main
done >../now
seen 'a subject comes twice' ../now <<'S'
commitdiff_plain: Add a file / / Add a file / / It is needed. / /
patch: Add a file / / It is needed. / /
S

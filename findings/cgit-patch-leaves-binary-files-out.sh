#!/bin/sh
# Packages: cgit 1.2.3+git20221219, gitweb 2.39.5, git 2.39.5 (Debian 12)
# Guess:    the link "patch" at a commit gives what git format-patch gives, so that git am makes the commit again.
# Seen:     of a binary file cgit's says `Binary files ... differ`, without the data and without the whole ids by which git could find it: am refuses the patch, with all other files in
#           it. gitweb's is format-patch's.
. "$(dirname "$0")/lib.sh"
with_git cgit=1.2.3+git20221219.50.91f2590+git2.39.1-1 gitweb=1:2.39.5-0+deb12u3 libcgi-pm-perl=4.55-1 libhtml-parser-perl=3.81-1+deb12u1
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
git init -q r && cd r
git commit -q --allow-empty -m start
echo one >file && printf '\0' >data && git add . && git commit -qm 'Add a text and data'
commit=$(git rev-parse main)
printf 'repo.url=r\nrepo.path=%s/r/.git\n' "$T" >../cgitrc
printf 'our $projectroot = "%s"; our $git = "%s";\n' "$T" "$T/root/usr/bin/git" >../gitweb.conf
export CGIT_CONFIG="$T/cgitrc" GITWEB_CONFIG="$T/gitweb.conf" SCRIPT_NAME=/cgit REQUEST_METHOD=GET HTTP_HOST=example.org SERVER_NAME=example.org
QUERY_STRING="url=r/patch/&id=$commit" "$T/root/usr/lib/cgit/cgit.cgi" >../cgit
QUERY_STRING="p=r/.git;a=patch;h=$commit" perl "$T/root/usr/share/gitweb/gitweb.cgi" >../gitweb
for page in cgit gitweb; do
  git checkout -q --detach main~1
  sed '1,/^\r*$/d' ../$page >../mail
  git am -q ../mail >../out 2>../error && echo "$page: $(git diff --stat main | wc -l) differences" || { echo "$page: $(head -1 ../error)"; git am --abort; }
done >../now
seen 'a binary file is refused' ../now <<'S'
cgit: error: cannot apply binary patch to 'data' without full index line
gitweb: 0 differences
S

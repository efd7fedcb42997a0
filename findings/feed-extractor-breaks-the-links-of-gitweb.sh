#!/bin/sh
# Packages: @extractus/feed-extractor 8.0.3 (npm), gitweb 2.39.5, git 2.39.5 (Debian 12)
# Guess:    the link of an entry leads where the feed says, but for campaign parameters, which feed-extractor takes off.
# Seen:     gitweb divides its parameters by `;`, as HTML 4 once advised. Each is made `%3B`, so that all of them are the value of the first, and gitweb finds no such repository. What an
#           entry shows is empty: XHTML, in which gitweb writes it, is not read.
. "$(dirname "$0")/lib.sh"
with_git gitweb=1:2.39.5-0+deb12u3 libcgi-pm-perl=4.55-1 libhtml-parser-perl=3.81-1+deb12u1
with_npm @extractus/feed-extractor@8.0.3
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
printf 'our $projectroot = "%s"; our $git = "%s";\n' "$T" "$T/root/usr/bin/git" >gitweb.conf
git init -q r.git && echo one >r.git/file && git -C r.git add file && git -C r.git commit -qm one
page() { GITWEB_CONFIG="$T/gitweb.conf" REQUEST_METHOD=GET SERVER_NAME=example.org QUERY_STRING="$1" perl "$T/root/usr/share/gitweb/gitweb.cgi"; }
page 'p=r.git/.git;a=atom' | sed '1,/^.$/d' >atom
cat >run.mjs <<'J'
import { readFileSync } from 'node:fs';
import { extractFromXml } from '@extractus/feed-extractor';
const [{ link, title, description }] = extractFromXml(readFileSync('atom', 'utf8')).entries;
console.log(link);
console.error('title', JSON.stringify(title), 'description', JSON.stringify(description));
J
node run.mjs >link 2>now
{
  sed -n 's/.*;h=[0-9a-f]*<\/id>.*/id of the entry, &/; s/<[^>]*>//g; /^id of/p' atom | head -1
  cat link
} | sed 's/h\(=\|%3D\)[0-9a-f]\{40\}/h\1.../' >>now
for query in "$(sed -n '/<entry>/,$s/.*<id>.*?\(.*\)<\/id>/\1/p' atom | head -1)" "$(sed 's/.*?//' link)"; do page "$query" | sed -n '1s/\r//p' | grep Status || echo 'a page'; done >>now
seen 'a link leads nowhere' now <<'S'
title "one" description ""
id of the entry, http://example.org?p=r.git/.git;a=commitdiff;h=...
http://example.org/?p=r.git%2F.git%3Ba%3Dcommitdiff%3Bh%3D...
Status: 200 OK
Status: 404 Not Found
S

#!/bin/sh
# Packages: rss-parser 3.13.0 (npm), gitweb 2.39.5, git 2.39.5 (Debian 12)
# Guess:    rss-parser gives an entry's content as the Atom feed has it, the link to its page, and its author: the feed's, where the entry has none (RFC 4287 4.2.1).
# Seen:     of XHTML, in which gitweb writes its feeds, all text of an element is put before its children: gitweb's `[DH] a.c` becomes `[] a.cDH`.
#           A link without rel, which is the page, comes second to `self` before it. The feed's author is nobody's.
. "$(dirname "$0")/lib.sh"
with_git gitweb=1:2.39.5-0+deb12u3 libcgi-pm-perl=4.55-1 libhtml-parser-perl=3.81-1+deb12u1
with_npm rss-parser@3.13.0
export PERL5LIB="$T/root/usr/share/perl5:$(echo "$T"/root/usr/lib/*-linux-gnu*/perl5/5.36)"
printf 'our $projectroot = "%s"; our $git = "%s";\n' "$T" "$T/root/usr/bin/git" >gitweb.conf
git init -q r.git && echo one >r.git/a.c && git -C r.git add a.c && git -C r.git commit -qm one
GITWEB_CONFIG="$T/gitweb.conf" REQUEST_METHOD=GET SERVER_NAME=example.org QUERY_STRING='p=r.git/.git;a=atom' perl "$T/root/usr/share/gitweb/gitweb.cgi" \
  | sed '1,/^.$/d' >gitweb.atom
cat >plain.atom <<'X'
<feed xmlns="http://www.w3.org/2005/Atom"><id>x:f</id><title>f</title><updated>2006-01-02T15:04:05Z</updated><author><name>Ann</name></author>
<entry><id>x:1</id><title>one</title><updated>2006-01-02T15:04:05Z</updated>
<link rel="self" href="https://example.org/entry.atom"/><link href="https://example.org/page"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Do <b>not</b> use <i>one</i>.</div></content></entry></feed>
X
cat >run.cjs <<'J'
const { readFileSync } = require('node:fs');
const Parser = require('rss-parser');
(async () => {
  for (const file of ['gitweb.atom', 'plain.atom']) {
    const [{ contentSnippet, link, author }] = (await new Parser().parseString(readFileSync(file, 'utf8'))).items;
    console.log(file, JSON.stringify(contentSnippet), file === 'plain.atom' ? `${link} ${author}` : '');
  }
})();
J
sed -n 's/<[^>]*>//g;/a\.c/p' gitweb.atom >now
node run.cjs >>now
seen 'words are moved, the page and its author are not found' now <<'S'
[DH] a.c
gitweb.atom "one\n\n[] a.cDH" 
plain.atom "Do  use .notone" https://example.org/entry.atom undefined
S

#!/bin/sh
# Packages: feed 6.0.0 (npm), python3-feedparser 6.0.10 (Debian 12), by which rss2email and others read feeds
# Guess:    a title that is given to `feed` is text, as in its RSS; a reader shows `Use List<String>`.
# Seen:     in Atom every title is written as HTML and its text is not escaped for that: a reader, which must take it for HTML, leaves `<String>` out.
#           The same title in the RSS of the same feed is read as it was given.
. "$(dirname "$0")/lib.sh"
with_deb python3-feedparser=6.0.10-1 python3-sgmllib3k=1.0.0-4
with_python
with_npm feed@6.0.0
cat >run.mjs <<'J'
import { writeFileSync } from 'node:fs';
import { Feed } from 'feed';
const feed = new Feed({ id: 'https://example.org/', link: 'https://example.org/', title: 'commits', copyright: '' });
feed.addItem({ title: 'Use List<String>', id: 'https://example.org/1', link: 'https://example.org/1', date: new Date(0) });
writeFileSync('atom', feed.atom1());
writeFileSync('rss', feed.rss2());
J
node run.mjs
cat >run.py <<'P'
import feedparser
for name in 'rss', 'atom':
    for entry in feedparser.parse(name).entries:
        print(name, entry.title_detail.type, entry.title)
P
"$PYTHON" run.py >now
seen 'a part of the title is gone' now <<'S'
rss text/plain Use List<String>
atom text/html Use List
S

#!/bin/sh
# Packages: python3-django-hyperkitty 1.3.7, mistune 2.0.4 (Debian 12): Mailman 3's archive
# Guess:    a list whose archive shows plain text, which is what a list starts with, shows what was mailed; HyperKitty knows a patch, and gives a mail
#           with @@ in it a fixed font.
# Seen:     plain text goes through the Markdown parser with most of its rules off. That a backslash makes the next sign plain is still on, so that the
#           backslash is gone: a patch shows another regular expression than the commit has. Blanks after an empty line are gone too.
. "$(dirname "$0")/lib.sh"
with_deb python3-django-hyperkitty=1.3.7-1 python3-mistune=2.0.4-1 python3-django=3:3.2.25-0+deb12u7 python3-asgiref=3.6.0-1 \
  python3-sqlparse=0.4.2-1+deb12u1 python3-tz=2022.7.1-4
with_python
cat >mail <<'M'
Find dots:

    grep '\.' name

@@ -1 +1 @@
-s/\*/x/
+s/\*\\/\x/
M
cat >run.py <<'P'
from django.conf import settings
settings.configure()
from html import unescape
from hyperkitty.lib.renderer import text_renderer
print(unescape(text_renderer(open('mail').read())), end='')
P
"$PYTHON" run.py >now || cannot 'HyperKitty does not load'
seen 'three backslashes and four blanks are gone' now <<'S'
<p>Find dots:</p>
<p>grep '.' name</p>
<p>@@ -1 +1 @@
-s/*/x/
+s/*\/\x/</p>
S

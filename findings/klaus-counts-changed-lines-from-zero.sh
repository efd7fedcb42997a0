#!/bin/sh
# Packages: klaus 2.0.2 (python3-klaus, Debian 12), git 2.39.5
# Guess:    the page of a commit numbers lines as the page of the file does, and as the header of the hunk.
# Seen:     it begins at 0: each number is one less than the line has in the file, and links to lines of a diff name the line before.
. "$(dirname "$0")/lib.sh"
with_git python3-klaus=2.0.2-1 python3-flask=2.2.2-3 python3-werkzeug=2.2.2-3+deb12u1 python3-jinja2=3.1.2-1+deb12u3 python3-markupsafe=2.1.2-1+b1 \
  python3-itsdangerous=2.1.2-3 python3-click=8.1.3-2 python3-pygments=2.14.0+dfsg-1 python3-dulwich=0.21.2-1+b1 python3-humanize=4.4.0-1 python3-urllib3=1.26.12-1+deb12u4
with_python
git init -q r && printf '%s\n' one two >r/file && git -C r add file && git -C r commit -qm start
printf '%s\n' one three >r/file && git -C r commit -qam 'Change a line'
cat >run.py <<'P'
import re
from klaus import make_app
client = make_app(['r'], 'site').test_client()
page = lambda path: client.get(path).get_data(as_text=True)
print('diff:', re.findall(r'href="#0-[LR]-\d+">(\d+)</a>', page('/r/commit/main/')))
print('file:', re.findall(r'href="#L-\d+">(\d+)</a>', page('/r/blob/main/file')))
print(re.search('@@.*', page('/r/commit/main.diff'))[0])
P
"$PYTHON" run.py >now
seen 'line 2 is line 1' now <<'S'
diff: ['0', '0', '1', '1']
file: ['1', '2']
@@ -1,2 +1,2 @@
S

#!/bin/sh
# Package:  git-diff-parser 1.0.0 (npm)
# Guess:    lines of a hunk are counted by its header, so that a removed line `-- comment` is told from a file header.
# Seen:     a removed SQL or Lua comment (`--- comment` in the diff) and an added line `++ x` are dropped, and an empty new file is
#           called a binary one.
. "$(dirname "$0")/lib.sh"
with_npm git-diff-parser@1.0.0
cat >diff <<'D'
diff --git a/empty b/empty
new file mode 100644
index 0000000..e69de29
diff --git a/q.sql b/q.sql
index 62811a3..eac935b 100644
--- a/q.sql
+++ b/q.sql
@@ -1,2 +1,2 @@
--- comment
 select 1;
+++ x
D
cat >run.cjs <<'J'
const { files } = require('git-diff-parser')(require('node:fs').readFileSync('diff', 'utf8')).commits[0];
for (const file of files) console.log(file.name, file.binary, JSON.stringify(file.lines.map(line => line.text)));
J
node run.cjs >now
seen 'two of three lines are gone, and an empty file is binary' now <<'S'
empty true []
q.sql false ["select 1;",""]
S

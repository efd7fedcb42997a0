#!/bin/sh
# Package:  yaml 2.9.1 (npm); PyYAML 6.0 (Debian 12)
# Guess:    a document in which an alias has no anchor has an entry in parseDocument(text).errors, as a loader of PyYAML refuses it.
# Seen:     neither an error nor a warning: the alias throws later, when the document is made a value or a text. And an error that is thrown then is a
#           ReferenceError and no YAMLError. Whoever asks `errors` whether a file is right has to call toJS() too.
. "$(dirname "$0")/lib.sh"
with_npm yaml@2.9.1
with_deb python3-yaml=6.0-3+b2
with_python
cat >run.mjs <<'J'
import { parseDocument, YAMLError } from 'yaml';
const document = parseDocument('notifications:\n  commits: *list\n');
console.log('errors', document.errors.length, 'warnings', document.warnings.length);
for (const make of [() => document.toJS(), () => String(document)]) {
  try { console.log(make()); } catch (error) { console.log(error.name, error instanceof YAMLError); }
}
J
node run.mjs >now
"$PYTHON" -c 'import yaml
try: yaml.safe_load("notifications:\n  commits: *list\n")
except yaml.YAMLError as error: print("PyYAML", type(error).__name__)' >>now
seen 'no error until it is used' now <<'S'
errors 0 warnings 0
ReferenceError false
Error false
PyYAML ComposerError
S
